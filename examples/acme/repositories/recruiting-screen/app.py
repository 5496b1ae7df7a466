"""Takes an application as PDF and answers with a proposal for the recruiters."""

from flask import Flask, jsonify, request
from pypdf import PdfReader

from screening import rank

app = Flask(__name__)


@app.post("/applications")
def application():
    pages = PdfReader(request.files["application"].stream).pages
    text = "\n".join(page.extract_text() for page in pages)
    return jsonify(rank(text, request.form["position"]))

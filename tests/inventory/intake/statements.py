"""Scope statements as governance leads write them, in three styles."""

TABLES = """\
---
title: AIMS Scope Statement
version: 2.1
owner: Helena Roth, Head of AI Governance
sponsor: "Marcus Lind (COO)"
approved_by: Marcus Lind
approved_on: 2026-03-14
next_review: 2027-03-14
---

# AI Management System: Scope Statement

## 1. Document control

| Item             | Value     |
|------------------|-----------|
| Document version | 2.1       |
| Distribution     | All staff |

## 2. Scope of the AIMS

This statement defines the scope of the AI management system of **Northwind Insurance AG**
according to ISO/IEC DIS 42001, clause 4.3.

## 3. Boundaries

- **Legal entities:** Northwind Insurance AG; Northwind Services GmbH
- **Countries:** Switzerland, Germany
- Offices on customer premises are not part of it.

## 4. AI systems in scope

| ID     | System            | Purpose                          | Lifecycle  | In scope? |
|--------|-------------------|----------------------------------|------------|-----------|
| AI-001 | **Claims Triage** | Sorts incoming claims by urgency | Production | **Yes**   |
| AI-002 | Support Chat      | Drafts replies for agents        | Pilot      | Yes       |
| AI-003 | Fraud Radar       | Flags suspicious claims          | Retired    | Yes       |
| AI-004 | Tariff Optimiser  | TBD                              | Design     | Partially |

### 4.1 Owners and data

| AI system     | Owner                        | Personal data    | Model   | Next review |
|---------------|------------------------------|------------------|---------|-------------|
| Claims Triage | claims-team@northwind.example| Yes              | gpt-4o  | 2026-12-01  |
| Support Chat  | N/A                          | Yes (names only) | sonnet  | 1 Feb 2027  |
| Fraud Radar   | Fraud Unit                   | No               | XGBoost | -           |

## 5. Exclusions

| Exclusion             | Justification                                               |
|-----------------------|-------------------------------------------------------------|
| Spam filters          | Commodity functions without effect on persons               |
| Marketing experiments | No personal data, results are reviewed by a person          |
| Legacy OCR            | TBD                                                         |
| DocuScan 3            | Provided by a supplier, assessed under supplier management  |

## 6. Related documents

- AI policy (DMS-4711)
- [Impact assessment of Claims Triage](https://dms.northwind.example/4712)

## 7. Revision history

| Version | Date       | Change      |
|---------|------------|-------------|
| 2.0     | 2025-03-01 | First issue |
"""

LISTS = """\
AIMS Scope
==========

Owner: Ines Duarte
Version: 4

Approved by: Board of Directors on 3 June 2026

Statement
---------

We run the AI management system for all products of Lusitania Health.

In scope
--------

* **Radiology Assist** \u2013 marks suspicious regions in images (owner: Imaging Team)
* Symptom checker: asks patients about symptoms before a visit
* `repo:github.com/lusitania/triage-bot` Triage Bot - routes messages
* We also cover every system that the digital board decides to add in its monthly meeting and lists in its minutes

Out of scope
------------

1. Grammar checkers, because they have no effect on patients.
2. Any AI features of standard office software - used by individuals only
3. Payroll forecasting
4. ChefBot \u2013 canteen menu suggestions; no personal data

Decommissioned systems
----------------------

- Old Triage (replaced by Triage Bot)
"""

HEADINGS = """\
# Scope of the AI Management System

**Organisation:** Contoso Logistics Ltd
**Next review:** 03/04/2027

## Scope statement
The AIMS of Contoso Logistics covers AI used in route planning and customer service.

## Systems in scope

### Route Planner
- Owner: Fleet Analytics
- Purpose: Plans delivery routes overnight
- Personal data: No
- Next review: 2027-01-15
- Our role: Developer

### Parcel Chat
- Owner: TBC
- Status: Live
- Exposure: customers
- Vendor: Acme Bots

## Exclusions

### Yard cameras
- Justification: Run by the landlord; we do not see its output.
"""

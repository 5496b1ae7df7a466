import { goesWellWith } from "../lib/recommendations";

export default async function Home() {
  const products = await goesWellWith("start");
  return (
    <main>
      <h1>Good things for the kitchen</h1>
      <ul>
        {products.map((product) => (
          <li key={product}>{product}</li>
        ))}
      </ul>
    </main>
  );
}

/**
 * The standard normal distribution's cumulative probability.
 *
 * Marsaglia's series in the middle (Evaluating the normal distribution, J. Stat. Softw. 11(4), 2004), Laplace's continued fraction in the
 * tails: about 14 digits.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 3) return 1 - normalCdf(-x);
  if (x < -3) return density(x) / upperFraction(-x);

  let sum = x;
  let term = x;
  for (let odd = 3; sum + term !== sum; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + sum * density(x);
}

/** Where the standard normal distribution's cumulative probability reaches `probability`. Halley's steps from a coarse start. */
export function normalQuantile(probability: number): number {
  if (probability <= 0) return -Infinity;
  if (probability >= 1) return Infinity;
  if (probability > 0.5) return -normalQuantile(1 - probability);

  // Abramowitz and Stegun 26.2.23, error below 4.5e-4; each step triples the digits.
  const t = Math.sqrt(-2 * Math.log(probability));
  let x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 3; step++) {
    const error = (normalCdf(x) - probability) / density(x);
    x -= error / (1 + (x * error) / 2);
  }
  return x;
}

function density(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** x + 1/(x + 2/(x + 3/(x + …))), from the inside. */
function upperFraction(x: number): number {
  let fraction = x;
  for (let depth = 80; depth > 0; depth--) fraction = x + depth / fraction;
  return fraction;
}

/** What is asked of the feature: written for this demo, each with an answer that code works out. */
export interface Question {
  readonly id: string;
  readonly kind: Kind;
  readonly text: string;
  readonly answer: string;
}

/** Everyday sums, what a piece of code returns, and counting problems that need care. */
export type Kind = "word problem" | "code" | "number theory";

/** A question with numbers to put in, twice or more. */
interface Template {
  readonly text: (...numbers: number[]) => string;
  readonly answer: (...numbers: number[]) => number | string;
  readonly numbers: readonly (readonly number[])[];
}

const wordProblems: readonly Template[] = [
  {
    text: (price, count, off) =>
      `A shop sells mugs at $${price} each. Ava buys ${count} and gets $${off} off. What does she pay, in dollars?`,
    answer: (price, count, off) => price * count - off,
    numbers: [
      [7, 6, 5],
      [12, 9, 20],
      [4, 25, 13],
      [9, 14, 17],
      [16, 3, 6],
      [23, 8, 40],
    ],
  },
  {
    text: (boxes, each, lost) =>
      `${boxes} boxes hold ${each} pears each. ${lost} pears are bad. How many good pears are there?`,
    answer: (boxes, each, lost) => boxes * each - lost,
    numbers: [
      [8, 24, 19],
      [15, 12, 31],
      [6, 48, 77],
      [9, 36, 28],
      [21, 15, 64],
      [12, 30, 109],
    ],
  },
  {
    text: (speed, hours, rest) =>
      `A van drives ${speed} km an hour for ${hours} hours, rests, and drives ${rest} km more. How many km in all?`,
    answer: (speed, hours, rest) => speed * hours + rest,
    numbers: [
      [70, 3, 45],
      [85, 4, 12],
      [60, 7, 99],
      [55, 6, 38],
      [90, 2, 71],
      [75, 8, 16],
    ],
  },
  {
    text: (pages, day, done) =>
      `A book has ${pages} pages. Ben has read ${done} and reads ${day} a day. How many days until he has finished?`,
    answer: (pages, day, done) => Math.ceil((pages - done) / day),
    numbers: [
      [310, 25, 60],
      [198, 20, 37],
      [512, 30, 2],
      [244, 16, 52],
      [405, 35, 20],
      [176, 12, 44],
    ],
  },
  {
    text: (wage, hours, extra) =>
      `Cleo earns $${wage} an hour, and half as much again past 40 hours. She works ${hours} + ${extra} hours, the first ${hours} being 40. What does she earn, in dollars?`,
    answer: (wage, hours, extra) => wage * hours + wage * 1.5 * extra,
    numbers: [
      [20, 40, 6],
      [18, 40, 10],
      [26, 40, 3],
      [22, 40, 8],
      [30, 40, 5],
      [16, 40, 12],
    ],
  },
  {
    text: (children, sweets, kept) =>
      `${sweets} sweets are shared evenly among ${children} children, after ${kept} were put aside. How many does each get?`,
    answer: (children, sweets, kept) => Math.floor((sweets - kept) / children),
    numbers: [
      [6, 100, 16],
      [9, 211, 13],
      [7, 150, 10],
      [8, 130, 18],
      [12, 200, 20],
      [5, 87, 9],
    ],
  },
];

const code: readonly Template[] = [
  {
    text: (n) =>
      `function f(n) { let s = 0; for (let i = 1; i <= n; i++) if (i % 3 === 0) s += i; return s }\nWhat does f(${n}) return?`,
    answer: (n) =>
      Array.from({ length: n }, (_, i) => i + 1)
        .filter((i) => i % 3 === 0)
        .reduce((s, i) => s + i, 0),
    numbers: [[20], [31], [44], [50], [65], [77]],
  },
  {
    text: (n) => `function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) }\nWhat does f(${n}) return?`,
    answer: function fibonacci(n): number {
      let [before, now] = [0, 1];
      for (let step = 0; step < n; step++) [before, now] = [now, before + now];
      return before;
    },
    numbers: [[10], [13], [16], [12], [15], [18]],
  },
  {
    text: (n) => `function f(n) { return n.toString(2).split("1").length - 1 }\nWhat does f(${n}) return?`,
    answer: (n) => n.toString(2).split("1").length - 1,
    numbers: [[100], [255], [1023], [500], [777], [1234]],
  },
  {
    text: (a, b) => `function f(a, b) { while (b) [a, b] = [b, a % b]; return a }\nWhat does f(${a}, ${b}) return?`,
    answer: (a, b) => {
      while (b) [a, b] = [b, a % b];
      return a;
    },
    numbers: [
      [84, 36],
      [270, 192],
      [1071, 462],
      [144, 60],
      [365, 219],
      [816, 578],
    ],
  },
  {
    text: (n) =>
      `function f(n) { let steps = 0; while (n !== 1) { n = n % 2 ? 3 * n + 1 : n / 2; steps++ } return steps }\nWhat does f(${n}) return?`,
    answer: (n) => {
      let steps = 0;
      for (let value = n; value !== 1; steps++) value = value % 2 ? 3 * value + 1 : value / 2;
      return steps;
    },
    numbers: [[6], [11], [19], [7], [9], [25]],
  },
  {
    text: (n) =>
      `function f(n) { return [...String(n)].reverse().map((d, i) => d * (i + 1)).reduce((a, b) => a + b) }\nWhat does f(${n}) return?`,
    answer: (n) =>
      Array.from(String(n))
        .toReversed()
        .map((digit, place) => Number(digit) * (place + 1))
        .reduce((a, b) => a + b),
    numbers: [[1234], [9071], [55555], [2468], [8086], [31415]],
  },
];

const numberTheory: readonly Template[] = [
  {
    text: (n) => `How many whole numbers from 1 to ${n} share no divisor above 1 with ${n}?`,
    answer: (n) => count(n, (i) => divisor(i, n) === 1),
    numbers: [[60], [84], [210], [72], [90], [100]],
  },
  {
    text: (n) => `How many divisors has ${n}?`,
    answer: (n) => count(n, (i) => n % i === 0),
    numbers: [[360], [1001], [2310], [720], [504], [1296]],
  },
  {
    text: (base, power, by) => `What is the remainder of ${base}^${power} divided by ${by}?`,
    answer: (base, power, by) => {
      let rest = 1;
      for (let step = 0; step < power; step++) rest = (rest * base) % by;
      return rest;
    },
    numbers: [
      [7, 222, 13],
      [3, 100, 17],
      [5, 341, 11],
      [2, 500, 7],
      [11, 123, 19],
      [6, 77, 23],
    ],
  },
  {
    text: (n) => `How many primes are there below ${n}?`,
    answer: (n) => count(n - 1, (i) => i > 1 && count(i, (d) => i % d === 0) === 2),
    numbers: [[100], [150], [250], [75], [200], [300]],
  },
  {
    text: (n) =>
      `In how many ways can ${n} be written as a sum of two squares of positive whole numbers, order not counted?`,
    answer: (n) => count(n, (a) => Number.isInteger(Math.sqrt(n - a * a)) && a * a <= n / 2),
    numbers: [[50], [325], [1105], [65], [85], [425]],
  },
  {
    text: (n, a, b) => `How many whole numbers from 1 to ${n} are divisible by ${a} or ${b}, but not by both?`,
    answer: (n, a, b) => count(n, (i) => (i % a === 0) !== (i % b === 0)),
    numbers: [
      [1000, 6, 15],
      [500, 4, 10],
      [2024, 9, 12],
      [750, 5, 15],
      [900, 8, 12],
      [1200, 7, 21],
    ],
  },
];

/** All of them, a third of each kind. */
export const questions: readonly Question[] = [
  ...asked("word problem", wordProblems),
  ...asked("code", code),
  ...asked("number theory", numberTheory),
];

function asked(kind: Kind, templates: readonly Template[]): Question[] {
  return templates.flatMap(({ text, answer, numbers }, place) =>
    numbers.map((values, turn) => ({
      id: `${kind} ${place + 1}.${turn + 1}`,
      kind,
      text: text(...values),
      answer: String(answer(...values)),
    })),
  );
}

function count(to: number, wanted: (value: number) => boolean): number {
  let found = 0;
  for (let value = 1; value <= to; value++) if (wanted(value)) found++;
  return found;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

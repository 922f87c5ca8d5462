//! Numbers that look random and are the same on every machine: seeded, and independent of how many threads draw them.

/// xoshiro256++ (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators"), its state filled by `SplitMix64` (Steele, Lea
/// and Flood 2014, "Fast splittable pseudorandom number generators"). Period 2^256 - 1; not for secrets.
#[derive(Debug, Clone)]
pub struct Random {
    state: [u64; 4],
}

/// The step of `SplitMix64`.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finalizer of `SplitMix64`: every bit of the result depends on every bit of `x`, and no two `x` share a result.
fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

impl Random {
    /// The generator of this number among all those of a seed. Numbers may be taken in any order and on any thread, so what is drawn for one
    /// does not depend on what was drawn for another.
    pub fn new(seed: u64, number: u64) -> Self {
        let start = mix(mix(seed.wrapping_add(GOLDEN)).wrapping_add(number).wrapping_add(GOLDEN));
        Self { state: [1, 2, 3, 4].map(|n: u64| mix(start.wrapping_add(n.wrapping_mul(GOLDEN)))) }
    }

    /// 64 bits, each 0 or 1 with equal probability.
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        result
    }

    /// A number from 0 to below `n`, each with equal probability; 0 where `n` is 0.
    ///
    /// Lemire (2019), "Fast random integer generation in an interval": the upper half of a product, drawn again in the few cases that would
    /// favor some numbers.
    pub fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        if n == 0 {
            return 0;
        }
        loop {
            let product = u128::from(self.bits()) * u128::from(n);
            // The division is needed in few cases, since what it leaves is below `n`.
            if product as u64 >= n || product as u64 >= n.wrapping_neg() % n {
                return (product >> 64) as usize;
            }
        }
    }

    /// A number from 0 to below 1, of 2^53 evenly spaced ones.
    pub fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Brings items into any order with equal probability (Fisher and Yates; Durstenfeld 1964).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs of the authors' C code from the state 1, 2, 3, 4.
    #[test]
    fn the_generator_is_the_published_one() {
        let mut random = Random { state: [1, 2, 3, 4] };
        assert_eq!([(); 4].map(|()| random.bits()), [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
    }

    /// The first output of `SplitMix64` from 0.
    #[test]
    fn the_finalizer_is_the_published_one() {
        assert_eq!(mix(GOLDEN), 0xE220_A839_7B1D_CDAF);
    }

    /// All 24 orders of four, 24,000 times: chi-square with 23 degrees of freedom, of which 1 in 10,000 is above 55.
    #[test]
    fn every_order_is_as_probable() {
        let mut seen = std::collections::BTreeMap::<[u8; 4], f64>::new();
        for number in 0..24_000 {
            let mut order = [0, 1, 2, 3];
            Random::new(7, number).shuffle(&mut order);
            *seen.entry(order).or_default() += 1.0;
        }
        assert_eq!(seen.len(), 24);
        let chi: f64 = seen.values().map(|n| (n - 1000.0) * (n - 1000.0) / 1000.0).sum();
        assert!(chi < 55.0, "{chi}");
    }

    #[test]
    fn numbers_stay_below_their_bound_and_reach_it() {
        let mut random = Random::new(1, 0);
        let drawn: Vec<usize> = (0..1000).map(|_| random.below(10)).collect();
        assert!((0..10).all(|n| drawn.contains(&n)) && drawn.iter().all(|n| *n < 10));
        assert_eq!((random.below(0), random.below(1)), (0, 0));
        let mean = (0..10_000).map(|_| random.share()).sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
    }
}

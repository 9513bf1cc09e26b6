import unittest

import driver  # puts nothing in the path by itself
import sys

sys.path.insert(0, driver.SOURCE)

import numpy as np

from involute.problem import Key, normal, philox
from involute.problem.key import NORMAL, UNIFORM
from involute.problem.keys import Stretch


class Philox(unittest.TestCase):
    def test_known_answers_of_random123(self):
        for counter, key, expected in (
            ([0] * 4, [0] * 2, [0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B]),
            ([2**64 - 1] * 4, [2**64 - 1] * 2, [0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0]),
            ([0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89], [0x452821E638D01377, 0xBE5466CF34E90C6C],
             [0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6]),
        ):
            got = philox.blocks(np.array(key, np.uint64)[:, None], np.array(counter, np.uint64)[:, None])
            self.assertEqual([hex(word) for word in expected], [hex(word) for word in got[:, 0].tolist()])

    def test_the_same_numbers_as_numpys(self):
        numbers = np.random.default_rng(1)
        key, counter = (numbers.integers(0, 2**63, (rows, 3000), np.uint64) * np.uint64(2) for rows in (2, 4))
        got = philox.uniforms(key, counter, 5)
        for i in (0, 1, 2047, 2048, 2999):
            generator = np.random.Generator(np.random.Philox(key=key[:, i], counter=counter[:, i]))
            np.testing.assert_array_equal(generator.random(5), got[i])

    def test_a_key_gives_what_the_page_says(self):
        key = Key(-5, 3, 7, 11)
        words, counter = key.words(UNIFORM, 4)
        self.assertEqual(((2**64 - 5, 3 << 32 | 7), (0, 1, 11, 4)), (words, counter))
        generator = np.random.Generator(np.random.Philox(key=np.array(words, np.uint64), counter=np.array(counter, np.uint64)))
        np.testing.assert_array_equal(generator.random(9), key.uniform(9, 4))
        self.assertEqual(key.uniform(1)[0], key.uniform())
        self.assertEqual(key.rng().random(), key.rng().random())

    def test_draws_for_other_purposes_steps_and_lanes_differ(self):
        key = Key(1, 2, 3, 4)
        others = [key.uniform(), key.rng().random(), key.uniform(purpose=1), key.uniform(purpose="wind"), key._replace(step=5).uniform(),
                  key._replace(pair=0).uniform(), key._replace(trajectory=0).uniform(), key._replace(phase=1).uniform()]
        self.assertEqual(len(others), len(set(others)))
        with self.assertRaises(ValueError):
            key.uniform(purpose=-1)


class Normal(unittest.TestCase):
    def test_arrays_and_single_numbers_agree_in_every_bit_and_with_numpy_nearly(self):
        uniforms = np.random.default_rng(2).random(20_000)
        uniforms[:8] = [0, 0, 1 - 2**-53, 1 - 2**-53, 0.5, 0.125, 2**-53, 0.875]
        got = normal.normals(uniforms)
        single = [number for pair in uniforms.reshape(-1, 2).tolist() for number in normal.pair(*pair)]
        np.testing.assert_array_equal(got.view(np.uint64), np.array(single).view(np.uint64))
        radius, turn = np.sqrt(-2 * np.log1p(-uniforms[0::2])), 2 * np.pi * uniforms[1::2]
        np.testing.assert_allclose(got[0::2], radius * np.cos(turn), rtol=0, atol=1e-14)
        np.testing.assert_allclose(got[1::2], radius * np.sin(turn), rtol=0, atol=1e-14)
        self.assertAlmostEqual(0, got.mean(), 1)
        self.assertAlmostEqual(1, got.std(), 1)

    def test_known_answers(self):
        self.assertEqual(["-0x1.e081c84bde639p-4"], [Key(1, 2, 3, 4).normal().hex()])

    def test_all_lanes_get_the_numbers_of_their_own_keys_however_far_they_are_drawn_ahead(self):
        numbers = np.random.default_rng(3)
        lanes, steps = 5, 70
        words = [numbers.integers(0, 2**31, lanes) for _ in range(4)]
        stretch = Stretch(*words, steps=steps)
        for index in [*range(30), 40, 41, 69]:
            keys = stretch.at(index)
            single = [Key(*(int(word[i]) for word in words[:3]), int(words[3][i]) + index) for i in range(lanes)]
            self.assertEqual(single, list(keys))
            np.testing.assert_array_equal([key.uniform(3) for key in single], keys.uniform(3))
            np.testing.assert_array_equal([key.normal(3, "x") for key in single], keys.normal(3, "x"))
            np.testing.assert_array_equal([key.normal(17) for key in single], keys.normal(17))
            np.testing.assert_array_equal([key.normal() for key in single], keys.normal())


if __name__ == "__main__":
    unittest.main()

"""States of lanes, in and out of records: each number as it was, each object its own."""

import unittest

import numpy as np

from involute.problem.layout import Layout
from involute.problem.leaf import StateError
from involute.problem.records import Reader, Writer


class Records(unittest.TestCase):
    def through(self, first, states):
        """What comes out of the records of these states; None stands for a lane without one."""
        layout = Layout(first)
        raw = np.zeros((len(states), layout.size), np.uint8)
        writer = Writer(layout, raw)
        for lane, state in enumerate(states):
            if state is not None:
                writer.put(lane, state)
        writer.close()
        reader = Reader(layout, raw)
        return [reader.take(lane) for lane in range(len(states))]

    def test_whole_numbers_of_two_types_keep_all_their_digits(self):
        large = 2**62 + 1
        self.assertEqual([large, 7, -large], self.through(0, [np.uint64(large), 7, np.int64(-large)]))

    def test_numbers_come_back_as_what_the_first_ones_were(self):
        states = [{"a": 1.5, "n": 3, "on": True, "z": 1j}, {"a": 2, "n": np.int32(4), "on": np.False_, "z": 0.5}]
        got = self.through({"a": 0.0, "n": 0, "on": False, "z": 0j}, states)
        self.assertEqual([{"a": 1.5, "n": 3, "on": True, "z": 1j}, {"a": 2.0, "n": 4, "on": False, "z": 0.5 + 0j}], got)
        self.assertEqual([float, int, bool, complex], [type(value) for value in got[1].values()])

    def test_numbers_that_are_not_finite_and_zeros_with_a_sign_keep_their_bits(self):
        values = [float("inf"), -0.0, 5e-324, float("nan")]
        self.assertEqual(np.array(values).tobytes(), np.array(self.through(1.0, values)).tobytes())

    def test_a_lane_without_a_state_has_zeros(self):
        self.assertEqual([(1.0, 2), (0.0, 0), (3.0, 4)], self.through((0.0, 0), [(1.0, 2), None, (3.0, 4)]))

    def test_one_array_given_back_for_all_lanes_is_copied_each_time(self):
        layout = Layout([np.zeros(2), 0.0])
        raw = np.zeros((3, layout.size), np.uint8)
        writer, shared = Writer(layout, raw), np.zeros(2)
        for lane in range(3):
            shared[:] = lane
            writer.put(lane, [shared, float(lane)])
        writer.close()
        taken = [Reader(layout, raw).take(lane) for lane in range(3)]
        self.assertEqual([[0, 0], [1, 1], [2, 2]], [state[0].tolist() for state in taken])
        taken[0][0][:] = 9
        self.assertEqual([0, 0], Reader(layout, raw).take(0)[0].tolist())

    def test_a_number_too_large_for_its_place_is_refused(self):
        with self.assertRaisesRegex(StateError, "64 bits"):
            self.through(0, [2**63])


if __name__ == "__main__":
    unittest.main()

import os
import random
import signal
import struct
import unittest

from driver import PROBLEMS, Child, ChildFailed, lane

FORMS = os.path.join(PROBLEMS, "forms.py")


class Protocol(unittest.TestCase):
    def test_greeting(self):
        with Child(FORMS, "Simple") as child:
            greeting = child.greeting
            self.assertEqual("simple", greeting["name"])
            self.assertEqual(
                [{"name": "rate", "shape": [], "initial": -1.0}, {"name": "gains", "shape": [3], "initial": [0.5, 0.25, 0.0], "unit": "1/s"}],
                greeting["theta"])
            self.assertEqual(0, greeting["stateBytes"] % 8)
            self.assertIn("numpy", greeting["about"])
            self.assertEqual((False, False), (greeting["stateVaries"], greeting["evaluates"]))
            code, log = child.end()
            self.assertEqual(0, code)
            self.assertIn("printed before the greeting", log)

    def test_a_long_greeting_lies_in_the_shared_file(self):
        with Child(FORMS, "LongGreeting") as child:
            self.assertEqual(19_999, child.greeting["theta"][2]["initial"][-1])
            self.assertEqual(2, len(child.call([lane(steps=2, begins=True)])[0][0]))

    def test_windows_of_any_length_give_the_same_numbers_in_any_process(self):
        for form in ("Simple", "SimpleOscillator", "VectorOscillator", "LanesOscillator"):
            with self.subTest(form), Child(FORMS, form) as child:
                whole, states = child.call([lane(1, 2, steps=30, begins=True)])
                losses, state = child.call([lane(1, 2, steps=0, begins=True)])
                self.assertEqual([[]], losses)
                done, parts = 0, []
                for steps in (1, 2, 0, 7, 20):
                    # Beside another lane that begins, in turns before and behind it.
                    others = [lane(5, 0, steps=steps + 3, begins=True)]
                    mine = [lane(1, 2, first=done, steps=steps)]
                    order, given = (others + mine, [b"\0" * len(state[0])] + state) if done % 2 else (mine + others, state + [b"\0" * len(state[0])])
                    losses, after = child.call(order, states=given)
                    at = order.index(mine[0])
                    parts += losses[at]
                    state = [after[at]]
                    done += steps
                self.assertEqual(whole[0], parts)
                self.assertEqual(states, state)
            with Child(FORMS, form) as child:
                self.assertEqual((whole, states), child.call([lane(1, 2, steps=30, begins=True)]))

    def test_all_forms_of_a_problem_agree_in_every_bit(self):
        # On average as many steps as the first lane, as many each, and any numbers.
        numbers = random.Random(3)
        counts = [(5, 0, 9, 9, 1, 5), (2, 1, 3), (4, 4, 3, 3, 5, 5), (3, 3, 3, 3), *(
            tuple(numbers.randrange(7) for _ in range(numbers.randrange(1, 8))) for _ in range(60))]
        results = {}
        for form in ("SimpleOscillator", "VectorOscillator", "LanesOscillator"):
            with Child(FORMS, form) as child:
                for steps in counts:
                    lanes = [lane(p // 2, p % 3, steps=s, begins=True, first=p) for p, s in enumerate(steps)]
                    thetas = [[1 + 0.1 * p, 0.25 - 0.01 * p] for p in range(len(steps))]
                    got = child.call(lanes, thetas)
                    self.assertEqual(results.setdefault(steps, got), got)
        # Both arms of a pair have the same random numbers: theta is all that differs.
        with Child(FORMS, "VectorOscillator") as child:
            losses, states = child.call([lane(3, steps=4, begins=True), lane(3, steps=4, begins=True)])
            self.assertEqual(losses[0], losses[1])
            self.assertEqual(states[0], states[1])

    def test_evaluation(self):
        for form in ("SimpleOscillator", "VectorOscillator"):
            with self.subTest(form), Child(FORMS, form) as child:
                self.assertTrue(child.greeting["evaluates"])
                _, states = child.call([lane(0, begins=True), lane(1, begins=True), lane(2, begins=True)])
                place = [struct.unpack_from("<d", state)[0] for state in states]
                losses, _ = child.call(
                    [lane(0, steps=1, split=0), lane(1, first=1, steps=3, split=3), lane(2, first=5, steps=1, split=3)], states=states, kind=3)
                self.assertEqual(place[0] + 0.25, losses[0])
                self.assertAlmostEqual(place[1] + 200.75, losses[1], 9)
                self.assertEqual(place[2] + 500.75, losses[2])
        with Child(FORMS, "Simple") as child:
            with self.assertRaisesRegex(ChildFailed, "has no evaluate"):
                child.call([lane(begins=True)], kind=3)

    def test_states_that_vary(self):
        with Child(FORMS, "Varying") as child:
            self.assertEqual((200_000, True), (child.greeting["stateBytes"], child.greeting["stateVaries"]))
            losses, states = child.call([lane(0, steps=3, begins=True), lane(1, steps=1, begins=True)])
            self.assertEqual(([[2.0, 3.0, 4.0], [2.0]], [b"rsss", b"rs"]), (losses, states))
            losses, states = child.call([lane(0, first=3, steps=2), lane(1, first=1, steps=1)], states=states)
            self.assertEqual([b"L" * 100_000, b"rss"], states)
            losses, states = child.call([lane(0, first=5, steps=1), lane(1, first=2, steps=1)], states=states)
            self.assertEqual([[100_001.0], [4.0]], losses)
            with self.assertRaisesRegex(ChildFailed, "300000 bytes: state_bytes_at_most is 200000"):
                child.call([lane(0, first=99, steps=1)], states=[b"r"])

    def test_what_is_large_goes_through_the_file_which_grows(self):
        with Child(FORMS, "Large") as child:
            for lanes in (1, 2, 7, 3):
                about = [lane(pair, steps=2, begins=True) for pair in range(lanes)]
                losses, states = child.call(about)
                self.assertEqual([[pair + 0.5, pair + 1.0] for pair in range(lanes)], losses)
                self.assertEqual([pair + 40_000.0 for pair in range(lanes)], [struct.unpack("<40000d", state)[39_999] for state in states])
                again, _ = child.call([lane(pair, first=2, steps=1) for pair in range(lanes)], states=states)
                self.assertEqual([[pair + 1.5] for pair in range(lanes)], again)

    def test_a_lane_whose_loss_is_not_finite_ends_alone(self):
        for form in ("Diverging", "SimpleDiverging"):
            with self.subTest(form), Child(FORMS, form) as child:
                losses, states = child.call([lane(pair, steps=6, begins=True) for pair in (2, 0, 50, 2, 5)])
                self.assertEqual([2.0, 3.0, 4.0, 5.0, 6.0, 7.0], losses[2])
                self.assertEqual([2.0, 3.0], losses[0][:2])
                self.assertEqual(6, len(losses[0]))
                self.assertFalse([x for x in losses[0][2:] + losses[1] if x - x == 0])
                self.assertEqual((2.0, 6.0, float("inf")), (losses[4][0], losses[4][4], losses[4][5]))
                self.assertEqual(7.0, struct.unpack("<d", states[2])[0])
                self.assertEqual(bytes(8), states[0])


class Errors(unittest.TestCase):
    def told(self, child, pair):
        with self.assertRaises(ChildFailed) as caught:
            child.call([lane(pair, begins=True)])
        return caught.exception.told

    def test_errors_name_the_users_line_and_the_child_goes_on(self):
        with open(FORMS) as file:
            lines = [""] + file.read().split("\n")
        with Child(FORMS, "Wrong") as child:
            told = self.told(child, 1)
            self.assertEqual(("ValueError", "the pendulum has fallen"), (told["type"], told["message"]))
            name, line = told["where"].split(":")
            self.assertEqual("forms.py", name)
            self.assertIn("has fallen", lines[int(line)])
            self.assertIn("Traceback", told["trace"])
            for pair, expected in {
                2: r"state\['angle'\] is an array float64 \(3,\), but was an array float64 \(2,\)", 3: r"state\['count'\] was a whole number.*0\.5",
                4: r"has the parts \['angle'\], but had \['angle', 'count'\]", 5: r"loss that is an array float64 \(3,\)", 6: "it returns two things",
                7: "^3$", 9: "Singular", 11: "loss that is None", 12: "float32.*float64", 13: "EOF",
            }.items():
                with self.subTest(pair=pair):
                    told = self.told(child, pair)
                    self.assertRegex(told["message"], expected)
                    self.assertTrue(told["where"].startswith("forms.py:"), told["where"])
                    if pair == 9:
                        self.assertIn("linalg.inv", lines[int(told["where"].split(":")[1])])
            told = self.told(child, 10)
            self.assertLess(len(told["message"]), 2001)
            self.assertTrue(told["trace"].startswith("Traceback"))
            self.assertEqual([[1.0]], child.call([lane(0, begins=True)])[0])
            losses, states = child.call([lane(15, steps=3, begins=True)])
            self.assertEqual(["nan"] * 3, [str(loss) for loss in losses[0]])
            self.assertEqual(0, child.end()[0])

    def test_what_a_problem_prints_goes_to_standard_error(self):
        with Child(FORMS, "Wrong") as child:
            self.assertEqual([[1.0, 1.0]], child.call([lane(8, steps=2, begins=True)])[0])
            code, log = child.end()
            self.assertEqual(0, code)
            self.assertEqual(2, log.count("hello from the step"))
            self.assertEqual(2, log.count("and from below"))

    def test_served_by_the_package_a_file_may_print_from_its_first_line_on(self):
        with Child("-m", "involute.problem", "serve", os.path.join(PROBLEMS, "printing.py")) as child:
            self.assertEqual([[0.5, 1.0]], child.call([lane(steps=2, begins=True)])[0])
            code, log = child.end()
            self.assertEqual((0, 1), (code, log.count("printed while it was imported")))

    def test_a_problem_that_cannot_greet_says_why(self):
        for form, expected in (("BadReset", r"state\['name'\] is a str"), ("NoTheta", "theta is empty")):
            with self.subTest(form), self.assertRaisesRegex(ChildFailed, expected):
                Child(FORMS, form)
        with self.assertRaisesRegex(ChildFailed, "version 2 of the protocol"):
            Child(FORMS, "Simple", protocol=2)

    def test_interrupts_are_ignored(self):
        with Child(FORMS, "Simple") as child:
            child.process.send_signal(signal.SIGINT)
            child.call([lane(begins=True)])
            self.assertEqual(0, child.end()[0])

    def test_a_call_without_end_ends_with_its_caller(self):
        with Child(FORMS, "Wrong") as child:
            payload, _ = child.request([lane(14, begins=True)], [[1.0]], [bytes(child.greeting["stateBytes"])], 0)
            child.write(child.frame(2, payload))
            self.assertEqual(1, child.end()[0])


class Hostile(unittest.TestCase):
    def damaged(self, data, expected):
        with Child(FORMS, "SimpleOscillator") as child:
            child.write(data(child) if callable(data) else data)
            child.process.stdin.close()
            kind, _, payload = child.read()
            self.assertEqual(4, kind)
            self.assertRegex(payload.decode(), expected)
            code, log = child.end()
            self.assertEqual(1, code)
            self.assertEqual(1, log.count("Damaged:"), log)
            self.assertNotIn("Traceback", log)

    def test_damaged_frames_end_the_child_with_one_line(self):
        frame = Child.frame
        for data, expected in (
            (b"HTTP/1.1 200 OK\r\n\r\n", "not with INV"), (frame(2, b"", version=2), "version 2"), (frame(2, b"", flags=2), "flags"),
            (frame(9, b""), "kind 9"), (frame(1, b"{}"), "kind 1"), (frame(2, b"", length=1 << 60), "lies in the shared file"),
            (frame(2, b"", length=100, flags=1), "lies in the shared file"), (frame(2, b"abc", length=30), "ends within"),
            (b"INV", "ends within"),
        ):
            with self.subTest(expected):
                self.damaged(data, expected)

    def test_requests_that_do_not_fit_are_errors_and_the_child_goes_on(self):
        with Child(FORMS, "SimpleOscillator") as child:
            good, _ = child.request([lane(begins=True)], [child.initial()], [bytes(16)], 0)
            fixed = struct.pack("<IIQQ", 1, 0, 0, 0)
            for payload, expected in (
                (b"", "0 bytes"), (good[:-1], "one with 1 lanes has"), (good + bytes(8), "one with 1 lanes has"),
                (struct.pack("<I", 0) + good[4:], "with 0 lanes"), (struct.pack("<I", 0xFFFFFFFF) + good[4:], "with 4294967295 lanes"),
                (struct.pack("<I", 2) + good[4:], "one with 2 lanes has"), (fixed, "one with 1 lanes has"),
                (good[:48] + struct.pack("<I", 0xFFFFFFFF) + good[52:], "do not fit"),
            ):
                with self.subTest(expected), self.assertRaisesRegex(ChildFailed, expected):
                    child.write(child.frame(2, payload))
                    child.answer(2, [1])
            with self.assertRaisesRegex(ChildFailed, "shared file has"):
                child.write(child.frame(2, b"", flags=1, length=1 << 50))
                child.answer(2, [1])
            child.call([lane(begins=True)])

    def test_random_changes_of_requests_and_random_bytes(self):
        numbers = random.Random(1)
        child, answered = None, 0
        for _ in range(300):
            if child is None:
                child = Child(FORMS, numbers.choice(("SimpleOscillator", "VectorOscillator", "LanesOscillator", "SmallVarying")))
                state = b"abc" if child.greeting["stateVaries"] else bytes(child.greeting["stateBytes"])
            count = numbers.randrange(1, 4)
            payload, _ = child.request([lane(p, steps=p, begins=p != 1) for p in range(count)], [child.initial()] * count, [state] * count, 0)
            data = bytearray(child.frame(2, payload))
            for _ in range(numbers.randrange(1, 4)):
                # Most changes leave the header alone, so that they get through to the parts behind it.
                at = numbers.randrange(0 if numbers.random() < 0.1 else 16, len(data))
                data[at] = numbers.randrange(256)
            # A step count of millions would be right, but slow.
            for p in range(count):
                at = 16 + 24 + 32 * p + 24
                data[at:at + 4] = struct.pack("<I", struct.unpack_from("<I", data, at)[0] & 15)
            child.write(bytes(data))
            length = struct.unpack_from("<Q", data, 8)[0]
            if length != len(payload) or data[:4] != b"INV\1":
                child.process.stdin.close()
            kind, flags, _ = child.read()
            self.assertIn(kind, (2, 4))
            answered += 1
            if child.process.stdin.closed or kind == 4 and data[4:8] != b"\2\0\0\0":
                self.assertIn(child.process.wait(60), (0, 1))
                child.__exit__()
                child = None
        if child is not None:
            self.assertEqual(0, child.end()[0])
            child.__exit__()
        self.assertEqual(300, answered)


if __name__ == "__main__":
    unittest.main()

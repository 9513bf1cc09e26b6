import contextlib
import io
import json
import os
import sys
import tempfile
import unittest
import zipfile

import driver

sys.path[:0] = [driver.SOURCE, driver.PROBLEMS]

import numpy as np

import forms
from involute.problem.__main__ import main

FORMS = os.path.join(driver.PROBLEMS, "forms.py")


class Check(unittest.TestCase):
    def check(self, name):
        out, err = io.StringIO(), io.StringIO()
        before = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = driver.SOURCE
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = main(["check", name, "--steps", "5", "--lanes", "4"])
        finally:
            os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)
        return code, out.getvalue() + err.getvalue()

    def test_problems_that_compute_what_a_run_needs(self):
        for form in ("Simple", "VectorOscillator", "LanesOscillator", "Varying", "SmallVarying"):
            with self.subTest(form):
                code, text = self.check(f"{FORMS}:{form}")
                self.assertEqual(0, code, text)
                self.assertIn("all is well", text)

    def test_what_is_wrong_is_named(self):
        for form, line in (
            ("Unkeyed", "a second time       WRONG: other losses"), ("Hidden", "a second time       WRONG"),
            ("Mixed", "each lane alone     WRONG"), ("Hashed", "in a fresh process  WRONG"), ("BadReset", "the first reset failed"),
        ):
            with self.subTest(form):
                code, text = self.check(f"{FORMS}:{form}")
                self.assertEqual(1, code, text)
                self.assertIn(line, text)

    def test_what_is_not_there(self):
        for name, line in ((f"{FORMS}:Nothing", "no problem class 'Nothing'"), ("nowhere.py", "no file"), ("no_such_module:X", "no module"),
                           (FORMS, "name one")):
            code, text = self.check(name)
            self.assertEqual(64, code)
            self.assertIn(line, text)


class LoadAndRollout(unittest.TestCase):
    def export(self, folder, **arrays):
        path = os.path.join(folder, "theta.npz")
        np.savez(path, **arrays)
        with zipfile.ZipFile(path, "a") as file:
            file.writestr("metadata.json", json.dumps({"run": "first"}))
        return path

    def test_the_trained_theta_takes_the_place_of_the_initial_one(self):
        with tempfile.TemporaryDirectory() as folder:
            path = self.export(folder, rate=np.float32(0.5), gains=np.array([1, 2, 3], np.float32), theta=np.arange(4))
            trained = forms.Simple.load(path)
            self.assertEqual("first", trained.trained["run"])
            self.assertEqual(0.5, trained.initial_theta()["rate"])
            self.assertEqual([1, 2, 3], trained.initial_theta().gains.tolist())
            self.assertEqual(-1.0, forms.Simple().initial_theta().rate)
            with self.assertRaisesRegex(ValueError, "no theta 'stiffness'"):
                forms.SimpleOscillator.load(path)
            with open(path, "w") as file:
                file.write("text")
            with self.assertRaises(ValueError):
                forms.Simple.load(path)

    def test_rollouts_of_all_forms_agree(self):
        results = [form().rollout(seed=3, steps=12, trajectories=3) for form in
                   (forms.SimpleOscillator, forms.VectorOscillator, forms.LanesOscillator)]
        for result in results:
            self.assertEqual(((3, 12), (3, 13)), (result.losses.shape, result.states["place"].shape))
            np.testing.assert_array_equal(results[0].losses, result.losses)
            np.testing.assert_array_equal(results[0].states["place"], result.states["place"])
        self.assertEqual((3,), results[0].mean_losses.shape)
        self.assertEqual((2, 6, 3), forms.Simple().rollout(steps=5, trajectories=2).states.place.shape)

    def test_a_trajectory_that_diverges(self):
        losses = forms.Diverging().rollout(steps=5, trajectories=3).losses
        self.assertEqual([0, 1, 2], np.isfinite(losses).sum(axis=1).tolist())


if __name__ == "__main__":
    unittest.main()

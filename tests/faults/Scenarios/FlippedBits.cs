namespace Involute.Faults.Scenarios;

/// <summary>Single flipped bits of a run's database, and the commands as a user runs them.</summary>
internal static class FlippedBits
{
    private const int Flips = 100;
    private const int DataError = 65;

    /// <summary>
    /// Each flip, in a copy of the run: <c>verify</c> and <c>resume</c> both end with 65 and leave the database as it is, or
    /// both do their work, and theta is the reference's.
    /// </summary>
    public static async Task<string> RunAsync(Lab lab, string run, Chance chance)
    {
        var (trained, said) = await lab.RunAsync(lab.Begin("train", run));
        Lab.Require(trained == 0, $"train ended with {trained}: {said}");
        var theta = await lab.ThetaAsync(run);
        var bytes = await File.ReadAllBytesAsync(Path.Combine(lab.Runs, run, "run.db"), lab.Cancellation);
        var refused = 0;
        for (var flip = 0; flip < Flips; flip++)
        {
            var bit = chance.Below(8 * bytes.Length);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            refused += await IsRefusedAsync(lab, run, bytes, theta, $"bit {bit % 8} of byte {bit / 8}") ? 1 : 0;
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        return $"{Flips} bits of {bytes.Length} bytes: {refused} refused by verify and resume, {Flips - refused} change nothing";
    }

    private static async Task<bool> IsRefusedAsync(Lab lab, string run, byte[] database, string theta, string what)
    {
        var runs = Directory.CreateTempSubdirectory("involute-flip-").FullName;
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(runs, run)).FullName;
            foreach (var file in Directory.GetFiles(Path.Combine(lab.Runs, run)))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            var path = Path.Combine(folder, "run.db");
            await File.WriteAllBytesAsync(path, database, lab.Cancellation);
            var (verified, line) = await lab.RunAsync("verify", run, "--runs", runs);
            var (resumed, other) = await lab.RunAsync("resume", run, "--runs", runs, "--no-eval");
            Lab.Require(
                verified == resumed && verified is 0 or DataError,
                $"{what}: verify ended with {verified} ({line}), resume with {resumed} ({other})");
            if (verified == DataError)
            {
                var after = await File.ReadAllBytesAsync(path, lab.Cancellation);
                Lab.Require(after.SequenceEqual(database), $"{what}: the damaged database was written");
                return true;
            }

            var now = await lab.ThetaAsync(run, runs);
            Lab.Require(now == theta, $"{what}: theta {now}, without the flip {theta}");
            return false;
        }
        finally
        {
            Directory.Delete(runs, recursive: true);
        }
    }
}

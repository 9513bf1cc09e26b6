using Involute.Tasks.Unrolls;
using Involute.Torch.Native;

namespace Involute.Host.Benchmarks;

/// <summary>Measures cases on the calling thread, in rounds: each round runs all of them in turn.</summary>
/// <remarks>
/// A machine's speed drifts, and other programs crowd its caches. Ratios are therefore taken within each round, and of
/// rates and ratios the median over the rounds counts.
/// </remarks>
internal static class BenchMeasurement
{
    private const int Rounds = 9;

    // Until then code is compiled again where it is hot, and clocks rise.
    private const int WarmRounds = 3;

    /// <summary>Measures.</summary>
    /// <param name="cases">What is measured.</param>
    /// <param name="ratios">What is compared, of the cases that are there.</param>
    /// <param name="seconds">For all together; a case runs at least once in a round, however long it takes.</param>
    /// <param name="time">Measures.</param>
    public static BenchReport Of(
        IReadOnlyList<BenchCase> cases, IReadOnlyList<BenchRatio> ratios, TimeSpan seconds, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(cases);
        ArgumentNullException.ThrowIfNull(ratios);
        ArgumentNullException.ThrowIfNull(time);
        var works = new Dictionary<string, IBenchWork>();
        var skipped = new Dictionary<string, string>();
        try
        {
            foreach (var one in cases)
            {
                Prepare(one, works, skipped);
            }

            var slice = seconds / (Math.Max(1, works.Count) * (Rounds + WarmRounds));
            var rounds = new List<Dictionary<string, BenchPace>>();
            for (var round = 0; round < Rounds + WarmRounds; round++)
            {
                rounds.Add(works.ToDictionary(work => work.Key, work => BenchPace.Of(work.Value, slice, time)));
            }

            rounds.RemoveRange(0, WarmRounds);
            return new BenchReport(
                [.. cases.Select(one => Row(one, cases, rounds, skipped))],
                [
                    .. ratios.Where(ratio => works.ContainsKey(ratio.Fast) && works.ContainsKey(ratio.Slow)).Select(
                        ratio => new BenchRatioRow(
                            ratio.Name,
                            Median(rounds.Select(round => round[ratio.Fast].Rate / round[ratio.Slow].Rate)),
                            ratio.AtLeast)),
                ]);
        }
        finally
        {
            foreach (var work in works.Values)
            {
                work.Dispose();
            }
        }
    }

    private static void Prepare(BenchCase one, Dictionary<string, IBenchWork> works, Dictionary<string, string> skipped)
    {
        try
        {
            works.Add(one.Name, one.Prepare());
        }
        catch (Exception missing) when (missing is TorchUnavailableException or ProblemDeviceException { HasFailed: false })
        {
            skipped.Add(one.Name, missing.Message);
        }
    }

    private static BenchRow Row(
        BenchCase one, IReadOnlyList<BenchCase> cases, List<Dictionary<string, BenchPace>> rounds,
        Dictionary<string, string> skipped)
    {
        if (skipped.TryGetValue(one.Name, out var why))
        {
            return new BenchRow(one.Name) { Skipped = why };
        }

        var paces = rounds.ConvertAll(round => round[one.Name]);
        var rate = Median(paces.Select(pace => pace.Rate));
        var row = new BenchRow(one.Name)
        {
            Gflops = rate * one.Flops / 1e9,
            ShareOfPeak = one.Unit == BenchUnit.LaneStep ? ShareOfPeak(one, cases, rounds) : null,
        };
        return one.Unit switch
        {
            BenchUnit.Peak => row,
            BenchUnit.Copy => row with { GigabytesPerSecond = rate * MemoryWork.BytesPerUnit / 1e9 },
            _ => row with
            {
                LaneStepsPerSecond = rate,
                Slowest = paces.Min(pace => pace.Rate),
                Fastest = paces.Max(pace => pace.Rate),
                AllocatedBytesPerStep = Median(paces.Select(pace => pace.Allocated)),
            },
        };
    }

    // Round by round, as ratios are.
    private static double? ShareOfPeak(
        BenchCase one, IReadOnlyList<BenchCase> cases, List<Dictionary<string, BenchPace>> rounds)
    {
        BenchCase[] peaks = [.. cases.Where(peak => peak.Unit == BenchUnit.Peak)];
        return one.Flops is { } flops && peaks.Length > 0
            ? Median(rounds.Select(round =>
                round[one.Name].Rate * flops / peaks.Max(peak => round[peak.Name].Rate * peak.Flops!.Value)))
            : null;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}

/// <summary>What a case did in one round.</summary>
/// <param name="Rate">Steps of lanes per second.</param>
/// <param name="Allocated">Managed bytes for each.</param>
internal readonly record struct BenchPace(double Rate, double Allocated)
{
    /// <summary>Runs work until the time is over, at least once.</summary>
    public static BenchPace Of(IBenchWork work, TimeSpan slice, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(time);
        var (steps, bytes) = (0L, GC.GetAllocatedBytesForCurrentThread());
        var start = time.GetTimestamp();
        TimeSpan took;
        do
        {
            steps += work.Run();
            took = time.GetElapsedTime(start);
        }
        while (took < slice);

        return new BenchPace(
            steps / took.TotalSeconds, (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)steps);
    }
}

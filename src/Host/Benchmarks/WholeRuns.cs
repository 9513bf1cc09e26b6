using System.Diagnostics;
using System.Globalization;
using Involute.Host.Running;

namespace Involute.Host.Benchmarks;

/// <summary>
/// Runs of the default job as another process, from its start: what a user sees. By the clock on the wall, unlike the other
/// cases: a run that waits is slow.
/// </summary>
internal static class WholeRuns
{
    /// <summary>With one computing thread.</summary>
    public const string OneThread = "train-1";

    /// <summary>With as many as there are processors.</summary>
    public const string AllThreads = "train-all";

    /// <summary>From the start of the process to the end of the first outer step.</summary>
    public const string Start = "start";

    // Less than this is start and settling of the compiler.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(4);

    // On a crowded machine a run may need longer than its time to its second step.
    private const int MostWaits = 15;

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [OneThread, AllThreads, Start];

    /// <summary>Measures the cases with these names.</summary>
    /// <param name="names">Some of <see cref="Names"/>.</param>
    /// <param name="seconds">For each; at least some seconds.</param>
    /// <exception cref="InvalidDataException">A run has not come to its second step.</exception>
    public static async Task<IReadOnlyList<BenchRow>> MeasureAsync(IReadOnlyList<string> names, TimeSpan seconds)
    {
        ArgumentNullException.ThrowIfNull(names);
        var rows = new List<BenchRow>();
        if (names.Contains(OneThread) || names.Contains(Start))
        {
            var (rate, start) = await RunAsync(1, seconds).ConfigureAwait(false);
            rows.Add(new BenchRow(OneThread) { LaneStepsPerSecond = rate });
            rows.Add(new BenchRow(Start) { Seconds = start });
        }

        if (names.Contains(AllThreads))
        {
            var (rate, _) = await RunAsync(Environment.ProcessorCount, seconds).ConfigureAwait(false);
            rows.Add(new BenchRow(AllThreads) { LaneStepsPerSecond = rate });
        }

        return [.. rows.Where(row => names.Contains(row.Name))];
    }

    private static async Task<(double Rate, double Start)> RunAsync(int threads, TimeSpan seconds)
    {
        var folder = Directory.CreateTempSubdirectory("involute-bench-");
        try
        {
            var start = OwnProgram.StartInfo(
            [
                "train", "--runs", folder.FullName, "--name", "bench", "--no-eval", "--set",
                string.Create(CultureInfo.InvariantCulture, $"involute.threads={threads}"), "--set",
                "involute.outer-steps=10000000", "--set", "involute.tensorboard=false",
            ]);
            start.RedirectStandardOutput = true;
            start.RedirectStandardError = true;
            var begin = TimeProvider.System.GetUtcNow();
            using var process = Process.Start(start)!;
            var reading = Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            var progress = Path.Combine(folder.FullName, "bench", "progress.csv");
            for (var wait = 0; wait < MostWaits && !process.HasExited && (wait == 0 || Read(progress, begin) is null); wait++)
            {
                using var patience = new CancellationTokenSource(seconds > Shortest ? seconds : Shortest, TimeProvider.System);
                await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            process.Kill();
            var said = await reading.ConfigureAwait(false);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            return Read(progress, begin) ?? throw new InvalidDataException(
                $"a run on {threads} threads did not come to its second step: {string.Join(' ', said).Trim()}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The rate over the second half of the time; the last line may be cut.
    private static (double Rate, double Start)? Read(string file, DateTimeOffset begin)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        // A head, two rows, and what stands behind the last end of a line.
        string[] lines = File.ReadAllText(file).Split('\n');
        if (lines.Length < 4)
        {
            return null;
        }

        var columns = lines[0].Split(',');
        var (time, steps) = (Array.IndexOf(columns, "time"), Array.IndexOf(columns, "total_inner_steps"));
        (DateTimeOffset Time, double Steps)[] rows =
        [
            .. lines[1..^1].Select(line => line.Split(',')).Select(cells => (
                DateTimeOffset.Parse(cells[time], CultureInfo.InvariantCulture),
                double.Parse(cells[steps], CultureInfo.InvariantCulture))),
        ];
        var last = rows[^1];
        var half = rows.First(row => row.Time - begin >= (last.Time - begin) / 2);
        half = half == last ? rows[^2] : half;
        return ((last.Steps - half.Steps) / (last.Time - half.Time).TotalSeconds, (rows[0].Time - begin).TotalSeconds);
    }
}

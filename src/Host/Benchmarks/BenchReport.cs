using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Involute.Host.Output;
using Spectre.Console;

namespace Involute.Host.Benchmarks;

/// <summary>What was measured of one case.</summary>
/// <param name="Name">The case.</param>
internal sealed record BenchRow(string Name)
{
    /// <summary>
    /// Inner steps (or updates) of single lanes per second, the median of the rounds; null if it was skipped, or counts
    /// something else.
    /// </summary>
    public double? LaneStepsPerSecond { get; init; }

    /// <summary>In the slowest round.</summary>
    public double? Slowest { get; init; }

    /// <summary>In the fastest round.</summary>
    public double? Fastest { get; init; }

    /// <summary>Nominal floating-point operations in a second, in 10⁹ (<see cref="BenchCase.Flops"/>).</summary>
    public double? Gflops { get; init; }

    /// <summary>Of the widest peak loop in the same round, the median of the rounds.</summary>
    public double? ShareOfPeak { get; init; }

    /// <summary>Bytes read and written in a second, in 10⁹.</summary>
    public double? GigabytesPerSecond { get; init; }

    /// <summary>How long it took.</summary>
    public double? Seconds { get; init; }

    /// <summary>Managed memory per step of a lane.</summary>
    public double? AllocatedBytesPerStep { get; init; }

    /// <summary>Why it was not measured; null if it was.</summary>
    public string? Skipped { get; init; }
}

/// <summary>Two cases compared.</summary>
/// <param name="Name">FAST / SLOW.</param>
/// <param name="Ratio">How many times as fast, the median of the rounds.</param>
/// <param name="AtLeast">What it should be.</param>
internal sealed record BenchRatioRow(string Name, double Ratio, double AtLeast);

/// <summary>The speeds of this machine's core.</summary>
/// <param name="Rows">One for each case.</param>
/// <param name="Ratios">One for each pair of cases that were measured in this run and are compared.</param>
internal sealed record BenchReport(IReadOnlyList<BenchRow> Rows, IReadOnlyList<BenchRatioRow> Ratios)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>With more rows, and ratios of which both cases are there then.</summary>
    public BenchReport With(IReadOnlyList<BenchRow> rows, IReadOnlyList<BenchRatio> ratios)
    {
        BenchRow[] all = [.. Rows, .. rows];
        var rates = all.Where(row => row.LaneStepsPerSecond is not null)
            .ToDictionary(row => row.Name, row => row.LaneStepsPerSecond!.Value);
        return new BenchReport(
            all,
            [
                .. Ratios,
                .. ratios.Where(ratio => rates.ContainsKey(ratio.Fast) && rates.ContainsKey(ratio.Slow)).Select(
                    ratio => new BenchRatioRow(ratio.Name, rates[ratio.Fast] / rates[ratio.Slow], ratio.AtLeast)),
            ]);
    }

    /// <summary>An array: an object for each case, then one for each ratio.</summary>
    public string ToJson() => JsonSerializer.Serialize<object[]>([.. Rows, .. Ratios], Json);

    /// <summary>Writes both for a person.</summary>
    public void Write(IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        var writer = console.Profile.Out.Writer;
        string[] heading = ["case", "lane-steps/s", "slowest", "fastest", "GFLOP/s", "of peak", "GB/s", "seconds", "bytes/step"];
        foreach (var line in TextTable.Lines(
            [heading, .. Rows.Where(row => row.Skipped is null).Select(Cells)], 1, 2, 3, 4, 5, 6, 7, 8))
        {
            writer.WriteLine(line);
        }

        foreach (var same in Rows.Where(row => row.Skipped is not null).GroupBy(row => row.Skipped))
        {
            writer.WriteLine($"skipped: {string.Join(", ", same.Select(row => row.Name))}: {same.Key}");
        }

        if (Ratios.Count > 0)
        {
            writer.WriteLine();
            foreach (var line in TextTable.Lines([["ratio", "is", "should be"], .. Ratios.Select(Cells)], 1, 2))
            {
                writer.WriteLine(line);
            }
        }
    }

    private static string[] Cells(BenchRow row) =>
    [
        row.Name, Whole(row.LaneStepsPerSecond), Whole(row.Slowest), Whole(row.Fastest), Invariant($"{row.Gflops:F1}"),
        Invariant($"{row.ShareOfPeak * 100:F0}{(row.ShareOfPeak is null ? "" : " %")}"),
        Invariant($"{row.GigabytesPerSecond:F1}"), Invariant($"{row.Seconds:F2}"), Whole(row.AllocatedBytesPerStep),
    ];

    private static string[] Cells(BenchRatioRow row) =>
        [row.Name, row.Ratio.ToString("F2", CultureInfo.InvariantCulture), Invariant($"{row.AtLeast} at least")];

    private static string Whole(double? number) => Invariant($"{number:#,0}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

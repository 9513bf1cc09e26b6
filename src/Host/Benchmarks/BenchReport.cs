using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Involute.Host.Output;
using Spectre.Console;

namespace Involute.Host.Benchmarks;

/// <summary>What was measured of one case.</summary>
/// <param name="Name">The case.</param>
/// <param name="LaneStepsPerSecond">Inner steps (or updates) of single lanes per second, the median of the rounds; null
/// if it was skipped.</param>
/// <param name="Slowest">In the slowest round.</param>
/// <param name="Fastest">In the fastest round.</param>
/// <param name="AllocatedBytesPerStep">Managed memory per step of a lane.</param>
/// <param name="Skipped">Why it was not measured; null if it was.</param>
internal sealed record BenchRow(
    string Name, double? LaneStepsPerSecond, double? Slowest, double? Fastest, double? AllocatedBytesPerStep,
    string? Skipped);

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

    /// <summary>An array: an object for each case, then one for each ratio.</summary>
    public string ToJson() => JsonSerializer.Serialize<object[]>([.. Rows, .. Ratios], Json);

    /// <summary>Writes both for a person.</summary>
    public void Write(IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        var writer = console.Profile.Out.Writer;
        string[] heading = ["case", "lane-steps/s", "slowest", "fastest", "bytes/step"];
        foreach (var line in TextTable.Lines(
            [heading, .. Rows.Where(row => row.Skipped is null).Select(Cells)], 1, 2, 3, 4))
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
        row.Name, Whole(row.LaneStepsPerSecond), Whole(row.Slowest), Whole(row.Fastest),
        Whole(row.AllocatedBytesPerStep),
    ];

    private static string[] Cells(BenchRatioRow row) =>
        [row.Name, row.Ratio.ToString("F2", CultureInfo.InvariantCulture), Invariant($"{row.AtLeast} at least")];

    private static string Whole(double? number) => Invariant($"{number:#,0}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

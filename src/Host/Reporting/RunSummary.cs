using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Involute.Host.Reporting;

/// <summary>What <c>show</c> prints of a run.</summary>
/// <param name="RunId">Name of the run.</param>
/// <param name="Status">See the constants of status.json.</param>
/// <param name="OuterStep">Outer steps done.</param>
/// <param name="ThetaSha256">Lowercase hex of the SHA-256 of theta's little-endian float32 in layout order.</param>
/// <param name="MeanMetaLoss">Mean meta-loss of the last outer step; null if there is none.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="ConfigSha256">Hash of the settings that decide theta.</param>
/// <param name="Estimator">Name of the gradient estimator.</param>
/// <param name="Task">Name of the inner task.</param>
/// <param name="CheckpointStep">Last outer step that is safe on disk.</param>
/// <remarks>Names and order of the JSON properties are a promise to scripts.</remarks>
internal sealed record RunSummary(
    string RunId,
    string Status,
    long OuterStep,
    string ThetaSha256,
    double? MeanMetaLoss,
    long Seed,
    string ConfigSha256,
    string Estimator,
    string Task,
    long CheckpointStep)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // JSON cannot express NaN or infinity.
    private double? FiniteLoss => MeanMetaLoss is { } loss && double.IsFinite(loss) ? loss : null;

    /// <summary>One JSON object on one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this with { MeanMetaLoss = FiniteLoss }, Json);

    /// <summary>Prints the summary for the user.</summary>
    public void WriteTo(IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Row(grid, "run", RunId);
        Row(grid, "status", Status);
        Row(grid, "outer step", Invariant($"{OuterStep} (checkpoint at {CheckpointStep})"));
        Row(grid, "mean meta-loss", FiniteLoss is { } loss ? Invariant($"{loss:G6}") : "none yet");
        Row(grid, "task", Task);
        Row(grid, "estimator", Estimator);
        Row(grid, "seed", Invariant($"{Seed}"));
        Row(grid, "theta sha256", ThetaSha256);
        Row(grid, "config sha256", ConfigSha256);
        console.Write(grid);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Row(Grid grid, string name, string value) =>
        grid.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), new Text(value));
}

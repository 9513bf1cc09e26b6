using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Involute.Host.Reporting;

/// <summary>What <c>show</c> prints of a run.</summary>
/// <param name="RunId">Name of the run.</param>
/// <param name="Status">See the constants of status.json.</param>
/// <param name="OuterStep">Outer steps done.</param>
/// <param name="ThetaSha256">Lowercase hex of the SHA-256 of theta's little-endian float32 in layout order; null without a step.</param>
/// <param name="MeanMetaLoss">Mean meta-loss of the last outer step; null if there is none.</param>
/// <param name="Seed">The run's seed; null if this machine does not know.</param>
/// <param name="ConfigSha256">Hash of the settings that decide theta; null if this machine does not know.</param>
/// <param name="Estimator">Name of the gradient estimator; null if this machine does not know.</param>
/// <param name="Task">Name of the inner task; null if this machine does not know.</param>
/// <param name="CheckpointStep">Last outer step that is safe on disk.</param>
/// <param name="Theta">
/// Values of a theta of at most 64 elements at the checkpoint, in natural units, by name; null of a longer one, or
/// before the first checkpoint.
/// </param>
/// <param name="Progress">How far and how fast it is; null if that is not known.</param>
/// <param name="ForkedFrom">Where it comes from; null if it is no fork.</param>
/// <param name="Where">The store of a run without a folder here; null of any other. Its settings are not known.</param>
/// <remarks>Names and order of the JSON properties are a promise to scripts.</remarks>
internal sealed record RunSummary(
    string RunId,
    string Status,
    long OuterStep,
    string? ThetaSha256,
    double? MeanMetaLoss,
    long? Seed,
    string? ConfigSha256,
    string? Estimator,
    string? Task,
    long CheckpointStep,
    IReadOnlyDictionary<string, object?>? Theta = null,
    RunProgress? Progress = null,
    ForkOrigin? ForkedFrom = null,
    string? Where = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // JSON cannot express NaN or infinity.
    private double? FiniteLoss => MeanMetaLoss is { } loss && double.IsFinite(loss) ? loss : null;

    /// <summary>One JSON object on one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this with { MeanMetaLoss = FiniteLoss }, Json);

    /// <summary>Prints the summary for the user.</summary>
    public void WriteTo(IAnsiConsole console) => DetailGrid.Write(console, Details());

    private IEnumerable<(string Name, string Value)> Details() =>
    [
        ("run", RunId),
        .. ForkedFrom is null ? [] : new[] { ("forked from", $"{ForkedFrom}") },
        .. Where is null ? [] : new[] { ("where", $"{Where}; there is no folder here, which would know its settings") },
        ("status", Status),
        (
            "outer step",
            Invariant($"{OuterStep}{(Progress?.OuterSteps is { } all ? Invariant($" of {all}") : "")} (checkpoint at {CheckpointStep})")),
        .. Progress?.Details() ?? [],
        ("mean meta-loss", FiniteLoss is { } loss ? Invariant($"{loss:G6}") : "none yet"),
        .. Known("task", Task), .. Known("estimator", Estimator),
        .. Known("seed", Seed is { } seed ? Invariant($"{seed}") : null),
        .. Known("theta sha256", ThetaSha256), .. Known("config sha256", ConfigSha256),
        .. Theta is null ? [] : new[] { ("theta", ThetaValues.Text(Theta)) },
    ];

    private static IEnumerable<(string Name, string Value)> Known(string name, string? value) =>
        value is null ? [] : [(name, value)];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

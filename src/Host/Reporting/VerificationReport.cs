using System.Text.Json;
using System.Text.Json.Serialization;
using Involute.Runs.Verification;
using Involute.Runs.Verification.Evidence;

namespace Involute.Host.Reporting;

/// <summary>What <c>verify</c> prints.</summary>
/// <param name="RunId">Name of the run.</param>
/// <param name="OuterStep">The last acknowledged step.</param>
/// <param name="Violations">Violations of all checks.</param>
/// <param name="Checks">The result of each check, always in the same order.</param>
/// <param name="WayOut">The step for <c>resume --at</c>, where only checkpoints are wrong; null otherwise.</param>
/// <remarks>Names and order of the JSON properties are a promise to scripts.</remarks>
internal sealed record VerificationReport(
    string RunId, long OuterStep, long Violations, IReadOnlyList<CheckResult> Checks, long? WayOut)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>The first violation, and how many there are, in one line; null if there is none.</summary>
    [JsonIgnore]
    public string? Summary => VerifiedRun.InOneLine(RunId, Checks, WayOut);

    /// <summary>Makes the report.</summary>
    public static VerificationReport Of(VerifiedRun verified, CheckResult replay)
    {
        ArgumentNullException.ThrowIfNull(verified);
        CheckResult[] checks = [.. verified.Checks, replay];
        return new VerificationReport(
            verified.Expected.RunId.Value,
            verified.LastStep,
            checks.Sum(check => check.Violations),
            checks,
            replay.Violations == 0 ? verified.WayOut : null);
    }

    /// <summary>One JSON object on one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

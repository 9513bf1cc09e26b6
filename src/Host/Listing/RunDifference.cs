using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Involute.Host.Output;
using Involute.Runs.Configuration;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Verification.Evidence;

namespace Involute.Host.Listing;

/// <summary>One thing that two runs do not share.</summary>
/// <param name="What">A setting, or what computes the run.</param>
/// <param name="First">What the first run has; null if it has no such thing.</param>
/// <param name="Second">What the second run has.</param>
/// <remarks>Names and order of the JSON properties are a promise to scripts.</remarks>
internal sealed record RunDifference(string What, string? First, string? Second)
{
    private const int Digits = 12;
    private const string DecidingSettings = "hash of the settings that decide theta";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>As one JSON array on one line.</summary>
    public static string ToJson(IReadOnlyList<RunDifference> differences) => JsonSerializer.Serialize(differences, Json);

    /// <summary>Settings that differ, in the order of the configuration.</summary>
    public static IReadOnlyList<RunDifference> OfSettings(RunConfiguration first, RunConfiguration second) =>
        [.. ResumeRules.Differences(first, second).Select(it => new RunDifference(it.Key, it.Before, it.After))];

    /// <summary>Of runs whose settings are not both known: whether those that decide theta differ.</summary>
    /// <param name="first">Their hash, null if it is unknown.</param>
    /// <param name="second">Of the other run.</param>
    public static IReadOnlyList<RunDifference> OfIdentities(string? first, string? second) =>
        first == second ? [] : [new RunDifference(DecidingSettings, Short(first), Short(second))];

    /// <summary>Builds, machines and data that differ.</summary>
    public static IReadOnlyList<RunDifference> OfComputations(Computation? first, Computation? second)
    {
        (string What, Func<Computation, string> Of)[] parts =
        [
            ("program", it => it.Program), ("assemblies", it => Short(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(it.Modules))))), ("runtime", it => it.Runtime),
            ("vector instructions", it => it.Vectors), ("data", it => Short(it.DataSha256)),
            ("fingerprint of a trial", it => Short(it.Fingerprint)),
        ];
        return
        [
            .. parts.Select(part => new RunDifference(
                part.What, first is null ? null : part.Of(first), second is null ? null : part.Of(second)))
                .Where(it => it.First != it.Second),
        ];
    }

    /// <summary>What computed a run last, by its ledger; null if it does not tell.</summary>
    public static Computation? ComputationOf(IRunStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var unknown = Computation.Unknown;
        var found = store.ReadRecords(records => records.NewestFirst(LedgerId.Of(store.RunId))
            .Select(row => JournalEntry.Of(row).Event).OfType<EpochStarted>().FirstOrDefault()?.Computation ?? unknown);
        return found == unknown ? null : found;
    }

    /// <summary>For people: a table, or a paragraph for each difference where that would be too wide.</summary>
    /// <param name="first">Name of the first run.</param>
    /// <param name="second">Name of the second.</param>
    /// <param name="differences">What they do not share.</param>
    /// <param name="width">Characters in a line; null for as many as there are, for a pipe.</param>
    /// <param name="withoutSettings">Runs that only a database has.</param>
    public static IReadOnlyList<string> Lines(
        string first, string second, IReadOnlyList<RunDifference> differences, int? width = null,
        IReadOnlyList<string>? withoutSettings = null)
    {
        ArgumentNullException.ThrowIfNull(differences);
        var most = width ?? int.MaxValue;
        var deciding = withoutSettings is { Count: > 0 } ? " that decide theta" : "";
        return
        [
            .. differences.Count == 0
                ? FoldedText.Lines(
                    $"{first} and {second} have the same settings{deciding}, and the same build and data compute them", most)
                : Table(first, second, differences, most),
            .. (withoutSettings ?? []).SelectMany(run => FoldedText.Lines(
                $"only a database has {run}: it keeps a hash of the settings that decide theta, and not the settings", most)),
        ];
    }

    private static IReadOnlyList<string> Table(
        string first, string second, IReadOnlyList<RunDifference> differences, int width)
    {
        var lines = TextTable.Lines(
            [["", first, second], .. differences.Select(it => (string[])[it.What, it.First ?? "-", it.Second ?? "-"])]);
        return lines.All(line => line.Length <= width)
            ? lines
            :
            [
                .. differences.SelectMany(it => FoldedText.Lines(it.What, width).Concat(
                    new[] { $"{first}: {it.First ?? "-"}", $"{second}: {it.Second ?? "-"}" }
                        .SelectMany(text => FoldedText.Lines(text, width, indent: 2)))),
            ];
    }

    [return: NotNullIfNotNull(nameof(hash))]
    private static string? Short(string? hash) => hash?.Length > Digits ? hash[..Digits] : hash;
}

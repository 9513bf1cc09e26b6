using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Involute.Estimators;
using Involute.Estimators.Pairs;

namespace Involute.Runs.Ledger;

/// <summary>A fact in the ledger of a run. Facts are never deleted. Hashes are lowercase hexadecimal digits.</summary>
public interface ILedgerEvent
{
    /// <summary>Which learner wrote it: 1 for the first.</summary>
    long Epoch { get; }
}

/// <summary>A learner has begun to write: the first fact of each.</summary>
/// <param name="Epoch">1 for the first learner, then one more each.</param>
/// <param name="RunId">The run.</param>
/// <param name="IdentitySha256">Hash of the settings that decide theta.</param>
/// <param name="Computation">What computes from here on; null in ledgers of before version 0.3.</param>
public sealed record EpochStarted(
    long Epoch, RunId RunId, string IdentitySha256, Computation? Computation = null) : ILedgerEvent;

/// <summary>An outer step was done.</summary>
/// <param name="Step">The version of theta that it has made: 1 for the first.</param>
/// <param name="Epoch">The learner that did it.</param>
/// <param name="ThetaSha256">Hash of theta after the step.</param>
/// <param name="ContributionsSha256">Hash of all contributions in pair order.</param>
/// <param name="ChainSha256">SHA-256 of (chain hash of the step before, theta hash, contributions hash).</param>
/// <param name="MeanLoss">Mean meta-loss.</param>
/// <param name="Pairs">Pairs used.</param>
public sealed record StepRecorded(
    long Step,
    long Epoch,
    string ThetaSha256,
    string ContributionsSha256,
    string ChainSha256,
    double MeanLoss,
    int Pairs) : ILedgerEvent;

/// <summary>A setting was changed on resume.</summary>
public sealed record SettingChanged(long Epoch, string Key, string From, string To) : ILedgerEvent;

/// <summary>A checkpoint is on disk. The same step may be committed again, when its row was found damaged.</summary>
/// <param name="Step">Its outer step.</param>
/// <param name="Epoch">The learner that saved it.</param>
/// <param name="BlobSha256">The hash at the end of its bytes.</param>
/// <param name="Anchor">
/// What the ledger up to the record of its step adds up to; null of the start of a run, and in ledgers of before version 0.3.
/// </param>
public sealed record CheckpointCommitted(long Step, long Epoch, string BlobSha256, LedgerAnchor? Anchor = null)
    : ILedgerEvent;

/// <summary>
/// An operator has gone on from an older checkpoint (<c>resume --at</c>): checkpoints of later steps that stand before this
/// event do not count any more. Their rows are kept under another name.
/// </summary>
/// <param name="Epoch">The learner that went on.</param>
/// <param name="At">The step of the checkpoint that it went on from; 0 for the start of the run.</param>
public sealed record CheckpointsSetAside(long Epoch, long At) : ILedgerEvent;

/// <summary>What the ledger is told of an outer step.</summary>
/// <param name="Step">The version of theta that the step has made: 1 for the first.</param>
/// <param name="ThetaSha256">Hash of theta after the step (lowercase hex).</param>
/// <param name="ContributionsSha256">Hash of all contributions in pair order (lowercase hex).</param>
/// <param name="MeanLoss">Mean meta-loss.</param>
/// <param name="Pairs">Pairs used.</param>
public sealed record StepFacts(long Step, string ThetaSha256, string ContributionsSha256, double MeanLoss, int Pairs)
{
    /// <summary>The facts of a step and of the contributions, in pair order, that it was made from.</summary>
    public static StepFacts Of(OuterStepResult<float> result, IReadOnlyList<PairContribution<float>> contributions)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new StepFacts(
            result.Version.Value,
            result.State.Theta.HashText(),
            HashContributions(contributions),
            result.MeanLoss,
            result.Reports.Count);
    }

    /// <summary>
    /// SHA-256 over, in pair order and little-endian: int32 first pair, int32 pairs, float32 gradient.
    /// </summary>
    public static string HashContributions(IReadOnlyList<PairContribution<float>> contributions)
    {
        ArgumentNullException.ThrowIfNull(contributions);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var contribution in contributions)
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>([contribution.Block.First, contribution.Block.Count]));
            hash.AppendData(MemoryMarshal.AsBytes(contribution.Gradient.Span));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>
/// The bytes of ledger events: the fields in order, little-endian, then the first 8 bytes of their SHA-256.
/// </summary>
/// <remarks>
/// The manifest is the event's name and schema version. Texts are int32 length and UTF-8, hashes 32 bytes.
/// </remarks>
internal static class LedgerEventFormat
{
    private const int CheckBytes = 8;
    private const string Step = "step-1";
    private const string EpochAlone = "epoch-1";
    private const string Epoch = "epoch-2";
    private const string Setting = "setting-1";
    private const string CommitAlone = "checkpoint-1";
    private const string Commit = "checkpoint-2";
    private const string Aside = "set-aside-1";

    public static string ManifestOf(object ledgerEvent) => ledgerEvent switch
    {
        StepRecorded => Step,
        EpochStarted { Computation: null } => EpochAlone,
        EpochStarted => Epoch,
        SettingChanged => Setting,
        CheckpointCommitted { Anchor: null } => CommitAlone,
        CheckpointCommitted => Commit,
        CheckpointsSetAside => Aside,
        _ => throw new ArgumentException($"{ledgerEvent.GetType().Name} is not a ledger event", nameof(ledgerEvent)),
    };

    public static byte[] Write(object ledgerEvent)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        switch (ledgerEvent)
        {
            case StepRecorded step:
                writer.Write(step.Step);
                writer.Write(step.Epoch);
                WriteHash(writer, step.ThetaSha256);
                WriteHash(writer, step.ContributionsSha256);
                WriteHash(writer, step.ChainSha256);
                writer.Write(step.MeanLoss);
                writer.Write(step.Pairs);
                break;
            case EpochStarted epoch:
                writer.Write(epoch.Epoch);
                WriteText(writer, epoch.RunId.Value);
                WriteText(writer, epoch.IdentitySha256);
                if (epoch.Computation is { } computation)
                {
                    WriteText(writer, computation.Program);
                    WriteText(writer, computation.Modules);
                    WriteText(writer, computation.Runtime);
                    WriteText(writer, computation.Vectors);
                    WriteText(writer, computation.DataSha256);
                    WriteText(writer, computation.Fingerprint);
                }

                break;
            case SettingChanged setting:
                writer.Write(setting.Epoch);
                WriteText(writer, setting.Key);
                WriteText(writer, setting.From);
                WriteText(writer, setting.To);
                break;
            case CheckpointCommitted commit:
                writer.Write(commit.Step);
                writer.Write(commit.Epoch);
                WriteHash(writer, commit.BlobSha256);
                if (commit.Anchor is { } anchor)
                {
                    writer.Write(anchor.Sequence);
                    WriteHash(writer, anchor.JournalSha256);
                    writer.Write(anchor.EpochSequence);
                    writer.Write(anchor.ComputationSequence);
                    writer.Write(anchor.SettingsInEpoch);
                }

                break;
            case CheckpointsSetAside aside:
                writer.Write(aside.Epoch);
                writer.Write(aside.At);
                break;
            default:
                throw new ArgumentException($"{ledgerEvent.GetType().Name} is not a ledger event", nameof(ledgerEvent));
        }

        writer.Write(SHA256.HashData(stream.ToArray()).AsSpan(..CheckBytes));
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">Damaged, or of a newer schema.</exception>
    public static ILedgerEvent Read(ReadOnlySpan<byte> bytes, string manifest)
    {
        if (bytes.Length < CheckBytes
            || !SHA256.HashData(bytes[..^CheckBytes]).AsSpan(..CheckBytes).SequenceEqual(bytes[^CheckBytes..]))
        {
            throw new InvalidDataException($"ledger event '{manifest}' is damaged (hash does not match)");
        }

        var reader = new ByteReader(bytes[..^CheckBytes], $"ledger event '{manifest}'");
        ILedgerEvent ledgerEvent = manifest switch
        {
            Step => new StepRecorded(
                reader.Int64(),
                reader.Int64(),
                reader.Hash(),
                reader.Hash(),
                reader.Hash(),
                reader.Double(),
                reader.Int32()),
            EpochAlone => new EpochStarted(reader.Int64(), new RunId(reader.Text()), reader.Text()),
            Epoch => new EpochStarted(
                reader.Int64(),
                new RunId(reader.Text()),
                reader.Text(),
                new Computation(
                    reader.Text(), reader.Text(), reader.Text(), reader.Text(), reader.Text(), reader.Text())),
            Setting => new SettingChanged(reader.Int64(), reader.Text(), reader.Text(), reader.Text()),
            CommitAlone => new CheckpointCommitted(reader.Int64(), reader.Int64(), reader.Hash()),
            Commit => new CheckpointCommitted(
                reader.Int64(),
                reader.Int64(),
                reader.Hash(),
                new LedgerAnchor(reader.Int64(), reader.Hash(), reader.Int64(), reader.Int64(), reader.Int32())),
            Aside => new CheckpointsSetAside(reader.Int64(), reader.Int64()),
            _ => throw new InvalidDataException(
                $"ledger event '{manifest}': this version reads {Step}, {EpochAlone}, {Epoch}, {Setting}, {CommitAlone}, "
                    + $"{Commit}, {Aside}"),
        };
        reader.RequireEnd();
        return ledgerEvent;
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteHash(BinaryWriter writer, string hash)
    {
        var bytes = Convert.FromHexString(hash);
        if (bytes.Length != SHA256.HashSizeInBytes)
        {
            throw new ArgumentException($"'{hash}' is not a SHA-256 hash", nameof(hash));
        }

        writer.Write(bytes);
    }
}

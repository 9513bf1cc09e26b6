using System.Security.Cryptography;
using System.Text;

namespace Involute.Runs.Ledger;

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
    private const string SettingAtStep = "setting-2";
    private const string SettingBySomeone = "setting-3";
    private const string CommitAlone = "checkpoint-1";
    private const string Commit = "checkpoint-2";
    private const string CommitAfterChanges = "checkpoint-3";
    private const string Aside = "set-aside-1";
    private const string Fork = "forked-1";

    /// <summary>Who makes and reads these bytes, as rows of a journal say it: never change it.</summary>
    public const int SerializerId = 7401;

    public static string ManifestOf(object ledgerEvent) => ledgerEvent switch
    {
        StepRecorded => Step,
        EpochStarted { Computation: null } => EpochAlone,
        EpochStarted => Epoch,
        SettingChanged { Step: null } => Setting,
        SettingChanged { By: null } => SettingAtStep,
        SettingChanged => SettingBySomeone,
        CheckpointCommitted { Anchor: null } => CommitAlone,
        CheckpointCommitted { Anchor.SettingSequence: 0 } => Commit,
        CheckpointCommitted => CommitAfterChanges,
        CheckpointsSetAside => Aside,
        RunForked => Fork,
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
                if (setting.Step is { } changedAt)
                {
                    writer.Write(changedAt);
                    writer.Write(setting.Previous);
                    if (setting.By is { } someone)
                    {
                        WriteText(writer, someone);
                        writer.Write(setting.At.ToUnixTimeMilliseconds());
                    }
                }

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
                    if (anchor.SettingSequence != 0)
                    {
                        writer.Write(anchor.SettingSequence);
                    }
                }

                break;
            case CheckpointsSetAside aside:
                writer.Write(aside.Epoch);
                writer.Write(aside.At);
                break;
            case RunForked fork:
                writer.Write(fork.Epoch);
                WriteText(writer, fork.Parent.Value);
                WriteText(writer, fork.ParentLedger);
                writer.Write(fork.Step);
                WriteHash(writer, fork.ThetaSha256);
                WriteHash(writer, fork.ChainSha256);
                writer.Write(fork.MeanLoss);
                WriteText(writer, fork.Carried);
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
            SettingAtStep => new SettingChanged(reader.Int64(), reader.Text(), reader.Text(), reader.Text())
            {
                Step = reader.Int64(),
                Previous = reader.Int64(),
            },
            SettingBySomeone => new SettingChanged(reader.Int64(), reader.Text(), reader.Text(), reader.Text())
            {
                Step = reader.Int64(),
                Previous = reader.Int64(),
                By = reader.Text(),
                At = Time(reader.Int64()),
            },
            CommitAlone => new CheckpointCommitted(reader.Int64(), reader.Int64(), reader.Hash()),
            Commit => new CheckpointCommitted(
                reader.Int64(),
                reader.Int64(),
                reader.Hash(),
                new LedgerAnchor(reader.Int64(), reader.Hash(), reader.Int64(), reader.Int64(), reader.Int32())),
            CommitAfterChanges => new CheckpointCommitted(
                reader.Int64(),
                reader.Int64(),
                reader.Hash(),
                new LedgerAnchor(reader.Int64(), reader.Hash(), reader.Int64(), reader.Int64(), reader.Int32())
                {
                    SettingSequence = reader.Int64(),
                }),
            Aside => new CheckpointsSetAside(reader.Int64(), reader.Int64()),
            Fork => new RunForked(
                reader.Int64(),
                new RunId(reader.Text()),
                reader.Text(),
                reader.Int64(),
                reader.Hash(),
                reader.Hash(),
                reader.Double(),
                reader.Text()),
            _ => throw new InvalidDataException(
                $"ledger event '{manifest}': this version reads {Step}, {EpochAlone}, {Epoch}, {Setting}, {SettingAtStep}, "
                    + $"{SettingBySomeone}, {CommitAlone}, {Commit}, {CommitAfterChanges}, {Aside}, {Fork}"),
        };
        reader.RequireEnd();
        return ledgerEvent;
    }

    private static DateTimeOffset Time(long milliseconds) =>
        milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
        && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : throw new InvalidDataException($"ledger event '{SettingBySomeone}': {milliseconds} is no time");

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

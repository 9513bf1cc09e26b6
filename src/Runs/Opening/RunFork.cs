using System.Data.Common;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs.Checkpoints;
using Involute.Runs.Claims;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Microsoft.Data.Sqlite;

namespace Involute.Runs.Opening;

/// <summary>
/// Begins the ledger of a fork: where it comes from, and a checkpoint of that step under its own settings. It then goes on
/// as every run does from its newest checkpoint.
/// </summary>
/// <param name="from">Where it comes from.</param>
/// <param name="configuration">Its settings.</param>
/// <param name="plan">Their plan.</param>
/// <param name="computation">What it is computed with.</param>
/// <remarks>
/// What needs several writes comes first, and the events last, in one transaction: a ledger is there with all that it tells
/// of, or not at all. In a folder whose fork has no ledger yet, <see cref="CompleteAsync"/> does it again.
/// </remarks>
internal sealed class RunFork(
    ForkPoint from, RunConfiguration configuration, TrainingPlan<float> plan, Computation computation)
{
    /// <summary>What is taken over.</summary>
    public ForkCarry Carry { get; } = ForkCarry.Of(from, configuration, plan, computation);

    /// <summary>What the folder of the fork says.</summary>
    public RunOrigin Origin => from.Origin;

    /// <summary>Throws if there is nothing left to do for the fork.</summary>
    /// <exception cref="RunRefusedException">There is not.</exception>
    public void RequireSteps()
    {
        if (configuration.OuterSteps <= from.Step)
        {
            throw new RunRefusedException(
                $"involute.outer-steps = {configuration.OuterSteps}, but the fork begins after outer step {from.Step} of run "
                    + $"{from.Folder.RunId}, and its steps are counted on from there; allowed: at least {from.Step + 1}");
        }
    }

    /// <summary>A fork whose ledger a process that was killed had not begun: begins it. Nothing where it has one.</summary>
    /// <exception cref="RunRefusedException">The run that it comes from is not where it was, or another one is.</exception>
    /// <exception cref="RunClaimedException">Another process is about to.</exception>
    public static async Task CompleteAsync(
        RunFolder folder, RunConfiguration configuration, IRunStore store, TrainingPlan<float> plan, Computation computation,
        CancellationToken cancellation)
    {
        if (folder.ReadOrigin() is not { } origin || folder.ReadLedgerMark() is { Ledger: not null } || store.LastEvent() > 0)
        {
            return;
        }

        var parent = Parent(folder, origin);
        var from = ForkPoint.Read(parent, ConfigurationLoader.LoadRun(parent.FullPath, []), origin.Step);
        if (origin.Ledger is { } ledger && ledger != from.Ledger)
        {
            throw new RunRefusedException(
                $"run {folder.RunId} has not begun, and {origin.Folder} has another run now than the one that it comes from: "
                    + $"delete this one by 'involute runs rm {folder.RunId}', and fork again");
        }

        var fork = new RunFork(from, configuration, plan, computation);
        var claim = await RunClaim.ClaimAsync(folder.FullPath, store, TimeProvider.System, cancellation)
            .ConfigureAwait(false);
        await using (claim.ConfigureAwait(false))
        {
            if (store.LastEvent() == 0)
            {
                fork.Begin(store, folder);
            }
        }
    }

    /// <summary>What is wrong with a folder whose fork has no ledger; null if it is no fork.</summary>
    public static string? NotBegun(RunFolder folder) => folder.ReadOrigin() is { } origin
        ? $"run {folder.RunId} is a fork of run {origin.Run} at outer step {origin.Step} that has not begun: 'involute resume "
            + $"{folder.RunId}' begins it"
        : null;

    /// <summary>
    /// Writes the beginning; the caller has claimed the store, which has no ledger of the run. The theta that it begins with stays
    /// in the run's folder when its checkpoint is pruned.
    /// </summary>
    /// <exception cref="IOException">The store cannot be written now.</exception>
    /// <exception cref="InvalidDataException">A state of the other run cannot be read.</exception>
    public void Begin(IRunStore store, RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(store);
        new KeptThetas(folder).Write(from.Theta);
        var ledger = LedgerId.Of(store.RunId);
        var identity = configuration.IdentitySha256();
        var created = TimeProvider.System.GetUtcNow().Ticks;
        try
        {
            var row = Checkpoint(store, ledger, identity);
            new CheckpointTable(store.Connection).Save(ledger, from.Step, row, created);
            ILedgerEvent[] events =
            [
                new EpochStarted(1, store.RunId, identity, computation),
                new RunForked(
                    1, new RunId(from.Folder.RunId), from.Ledger, from.Step, from.Record.ThetaSha256, from.Record.ChainSha256,
                    from.Record.MeanLoss, Carry.Carried),
                new CheckpointCommitted(from.Step, 1, CheckpointFormat.HashText(row)),
            ];
            var writer = Guid.NewGuid().ToString();
            new LedgerTable(store.Connection).Append(
                ledger, new LastEvent(0, Writer: null),
                [.. events.Select((it, index) => new LedgerRow(
                    index + 1, LedgerEventFormat.ManifestOf(it), LedgerEventFormat.SerializerId, LedgerEventFormat.Write(it),
                    writer))],
                created);
        }
        catch (DbException cause)
        {
            throw StoreFault.Translate(cause, store.Place);
        }
        catch (StoreFaultException cause)
        {
            throw new IOException($"{store.Place}: {cause.Message}", cause);
        }
    }

    private static RunFolder Parent(RunFolder folder, RunOrigin origin)
    {
        try
        {
            return RunFolder.Open(Path.GetDirectoryName(folder.FullPath)!, origin.Folder);
        }
        catch (IOException)
        {
            throw new RunRefusedException(
                $"run {folder.RunId} has not begun, and run {origin.Run}, whose outer step {origin.Step} it begins from, is not "
                    + $"in {origin.Folder}: put that back, or delete this one by 'involute runs rm {folder.RunId}'");
        }
    }

    private byte[] Checkpoint(IRunStore store, string ledger, string identity)
    {
        var state = new OuterState<float>(
            from.Theta,
            Carry.MetaOptimizer is null
                ? from.Checkpoint!.State.MetaOptimizer
                : new double[plan.MetaOptimizer.StateLength(plan.ThetaLength)]);
        var whole = new Checkpoint(store.RunId, identity, state, from.Record.MeanLoss, [])
        {
            InnerSteps = Carry.Pairs is null ? from.Checkpoint!.InnerSteps : null,
        };
        var states = Carry.Pairs is null ? from.Pairs() : NewPairs();
        if (RunSizes.Of(configuration, plan).CheckpointBytes <= CheckpointFormat.WholeBytes)
        {
            return CheckpointFormat.Write(whole with { Pairs = [.. states] });
        }

        using var connection = store.Connection.Open();
        try
        {
            var parts = new PartTable(connection, ledger);
            parts.Prepare();
            return CheckpointParts.Write(whole with { Pairs = Stored(states, Keep) }, Keep).Write();

            void Keep(StoredPart part, ReadOnlyMemory<byte> content)
            {
                if (!parts.Has(part))
                {
                    parts.Add(part, content);
                }
            }
        }
        finally
        {
            if (connection is SqliteConnection own)
            {
                SqliteConnection.ClearPool(own);
            }
        }
    }

    // Together they may be larger than the memory.
    private List<PairSnapshot> Stored(IEnumerable<PairSnapshot> states, Action<StoredPart, ReadOnlyMemory<byte>> keep)
    {
        var check = new PairStateCheck<float>(plan);
        var stored = new List<PairSnapshot>();
        using var next = states.GetEnumerator();
        foreach (var blocks in CheckpointParts.Groups(plan.Blocks(), check.StateBytes))
        {
            var group = CheckpointParts.Write([.. blocks.Select(_ => Next())], keep);
            stored.AddRange(blocks.Select(block => new PairSnapshot(block, default) { Stored = group }));
        }

        return stored;

        PairSnapshot Next() => next.MoveNext()
            ? next.Current
            : throw new InvalidDataException($"the checkpoint of step {from.Step} lacks states of pairs");
    }

    private IEnumerable<PairSnapshot> NewPairs() => plan.Blocks().Select(block => new PairSnapshot(
        block,
        ThisComputation.Tried(configuration, plan, () =>
        {
            using var pairs = new PairState<float>(plan, block);
            pairs.BeginAt(from.Theta.Version);
            return pairs.Save();
        })));
}

using Akka.Actor;
using Involute.Runs.Ledger;
using static Involute.Actors.Protocol.LedgerProtocol;

namespace Involute.Actors.Tests.Doubles;

/// <summary>A ledger in memory: refuses gaps and changed hashes as the real one does, and may stop answering.</summary>
internal sealed class MemoryLedgerActor : ReceiveActor, IWithStash
{
    private readonly MemoryStore _store;
    private readonly long _downAtStep;

    public MemoryLedgerActor(MemoryStore store, long downAtStep)
    {
        _store = store;
        _downAtStep = downAtStep;
        Up();
    }

    public IStash Stash { get; set; } = null!;

    /// <summary>Tells a ledger that has stopped answering to answer again; sent on the event stream.</summary>
    public sealed record ComeBack : INoSerializationVerificationNeeded;

    /// <summary>A ledger over a store, that stops answering when it is given a certain step.</summary>
    public static Props CreateProps(MemoryStore store, long downAtStep = long.MaxValue) =>
        Props.Create(() => new MemoryLedgerActor(store, downAtStep));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(ComeBack));

    private void Up()
    {
        Receive<Recover>(_ => Sender.Tell(_store.Recover()));
        Receive<ChangeSetting>(it =>
        {
            _store.Changes.Add(it);
            Sender.Tell(new SettingSaved());
        });
        Receive<RecordStep>(
            it => it.Facts.Step == _downAtStep && !_store.Steps.ContainsKey(_downAtStep), _ => GoDown());
        Receive<RecordStep>(it => Record(it.Facts));
        Receive<SaveCheckpoint>(save =>
        {
            _store.Checkpoints.Add(save.Checkpoint);
            Sender.Tell(new CheckpointSaved(save.Checkpoint.Step));
        });
    }

    private void Down()
    {
        Receive<ComeBack>(_ =>
        {
            Context.Parent.Tell(new StoreAvailable());
            Become(BackUp);
            Stash.UnstashAll();
        });
        ReceiveAny(_ => Stash.Stash());
    }

    private void BackUp()
    {
        Receive<RecordStep>(it => Record(it.Facts));
        Up();
    }

    private void GoDown()
    {
        Sender.Tell(new StoreUnavailable("unplugged"));
        Stash.Stash();
        Become(Down);
    }

    private void Record(StepFacts step)
    {
        if (_store.Steps.TryGetValue(step.Step, out var before) ? before != step : step.Step != _store.Steps.Count + 1)
        {
            throw new InvalidOperationException($"step {step.Step} after {_store.Steps.Count}, or another than before");
        }

        _store.Steps[step.Step] = step;
        Sender.Tell(new StepSaved(step.Step));
    }
}

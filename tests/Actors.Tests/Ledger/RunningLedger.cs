using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using Involute.Actors.Ledger;
using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Sqlite;
using Involute.Tests;

namespace Involute.Actors.Tests.Ledger;

/// <summary>The part of a learner's process that the ledger sees: an actor system, the ledger, an inbox.</summary>
internal sealed class RunningLedger : IAsyncDisposable
{
    /// <summary>Longer than a run's own ledger and checkpoints keep each other waiting on a busy machine.</summary>
    public const int LockTimeoutSeconds = 30;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Backoff Quick = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200), 1000);

    private readonly ActorSystem _system;
    private readonly TestProbe _learner;
    private readonly IActorRef _ledger;

    public RunningLedger(string runFolder, string? identity = null, RunId? runId = null, Backoff? backoff = null)
        : this(new SqliteRunStore(runFolder, runId ?? Sample.Run, LockTimeoutSeconds), identity, backoff)
    {
    }

    public RunningLedger(
        IRunStore store, string? identity = null, Backoff? backoff = null, Computation? computation = null,
        LedgerGuard? guard = null)
    {
        // No serialize-messages here: the SQL plugin's own messages do not survive it, and its failures get lost.
        var hocon = PersistenceHocon.For(store) + """

            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            """;
        _system = ActorSystem.Create("learner", ConfigurationFactory.ParseString(hocon));
        _learner = new TestKit(_system).CreateTestProbe();
        _ledger = _system.ActorOf(LedgerActor.CreateProps(
            store, identity ?? Sample.Identity, computation, guard, backoff ?? Quick));
    }

    public static Task<RunningLedger> Recovered(string runFolder) =>
        Recovered(new SqliteRunStore(runFolder, Sample.Run, LockTimeoutSeconds));

    public static async Task<RunningLedger> Recovered(IRunStore store)
    {
        var ledger = new RunningLedger(store);
        ledger.Tell(new LedgerProtocol.Recover());
        await ledger.Expect<LedgerProtocol.Recovered>();
        return ledger;
    }

    /// <summary>A run with these steps, and checkpoints at some of them, written by a learner that is gone.</summary>
    public static Task Written(string runFolder, int steps, params int[] checkpoints) =>
        Written(new SqliteRunStore(runFolder, Sample.Run, LockTimeoutSeconds), steps, checkpoints);

    public static async Task Written(IRunStore store, int steps, params int[] checkpoints)
    {
        await using var ledger = await Recovered(store);
        // Like a run, but without waiting for each step: the files are the same, and are written sooner.
        var saved = 0;
        for (var step = 1; step <= steps; step++)
        {
            ledger.Tell(Sample.Step(step));
            var isCut = checkpoints.Contains(step);
            while (saved < step && (isCut || step == steps))
            {
                await ledger.Expect<LedgerProtocol.StepSaved>();
                saved++;
            }

            if (isCut)
            {
                ledger.Tell(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(step)));
                await ledger.Expect<LedgerProtocol.CheckpointSaved>();
            }
        }
    }

    public Akka.Serialization.Serialization Serialization => _system.Serialization;

    public void Tell(StepFacts facts) => Tell(new LedgerProtocol.RecordStep(facts));

    public void Tell(object message) => _ledger.Tell(message, _learner.Ref);

    public async Task<T> Expect<T>() => await _learner.ExpectMsgAsync<T>(Patience);

    public async Task<T> ExpectLater<T>() => (T)await _learner.FishForMessageAsync(message => message is T, Patience);

    public async Task<LedgerProtocol.Recovered> Recover()
    {
        Tell(new LedgerProtocol.Recover());
        return await Expect<LedgerProtocol.Recovered>();
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();
}

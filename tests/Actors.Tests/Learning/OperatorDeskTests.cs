using Akka.Actor;
using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Ledger;
using Xunit;
using static Involute.Actors.Protocol.ControlProtocol;
using static Involute.Actors.Protocol.LedgerProtocol;

namespace Involute.Actors.Tests.Learning;

/// <summary>Who waits for what, and what is told when.</summary>
public sealed class OperatorDeskTests : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("test", "akka.stdout-loglevel = OFF, akka.loglevel = OFF");
    private readonly OperatorDesk _desk = new();
    private readonly LearnerState _run = new Script().State;
    private readonly Inbox _asker;
    private readonly Inbox _learner;

    public OperatorDeskTests() => (_asker, _learner) = (Inbox.Create(_system), Inbox.Create(_system));

    public void Dispose() => _system.Dispose();

    [Fact]
    public void A_change_is_told_when_the_ledger_has_it_on_disk()
    {
        var (first, second) = (Changed(1), Changed(2));
        _desk.SettingGiven();
        _desk.SettingGiven();
        _desk.Answer(_asker.Receiver, first);
        _desk.SettingGiven();
        _desk.Answer(_asker.Receiver, second);
        _desk.Answer(_asker.Receiver, new RunChanged([]));
        Assert.Empty(Assert.IsType<RunChanged>(_asker.Receive()).Changes);

        // Two were given before the first was answered: a resume had changed one.
        _desk.Hear(new SettingSaved());
        Assert.Equal(2, _desk.Waiting);
        _desk.Hear(new SettingSaved());
        Assert.Same(first, _asker.Receive());
        Assert.Equal(1, _desk.Waiting);
        _desk.Hear(new SettingSaved());
        Assert.Same(second, _asker.Receive());
        Assert.Equal(0, _desk.Waiting);
    }

    [Fact]
    public void Who_does_not_want_the_answer_any_more_does_not_wait()
    {
        Assert.True(Asks(new TakeCheckpoint()));
        Assert.False(Asks(new EndRun()));
        _desk.SettingGiven();
        _desk.Answer(_asker.Receiver, Changed(1));
        Assert.Equal(3, _desk.Waiting);
        Assert.False(Asks(new NoLongerWanted()));
        Assert.Equal(0, _desk.Waiting);
    }

    [Fact]
    public void A_checkpoint_is_told_when_it_is_on_disk_or_could_not_be_written()
    {
        Asks(new TakeCheckpoint());
        _desk.Hear(new CheckpointSaved(0));
        Assert.Equal(new CheckpointTaken(0), _asker.Receive());
        Asks(new TakeCheckpoint());
        _desk.Hear(new CheckpointFailed(3, "the row is too big"));
        Assert.Equal(new Refused("the checkpoint of step 3 could not be written: the row is too big"), _asker.Receive());
        Assert.Equal(0, _desk.Waiting);
    }

    [Fact]
    public void The_end_of_the_run_is_told_to_all_that_wait()
    {
        Asks(new EndRun());
        Assert.IsType<LearnerProtocol.StopRun>(_learner.Receive());
        var outcome = new RunOutcome(RunStatus.Interrupted, null, double.NaN, 7, "");
        _desk.Ended(outcome, "stopped");
        Assert.Equal(new RunStopped(outcome), _asker.Receive());

        Asks(new TakeCheckpoint());
        _desk.Ended(outcome, "stopped");
        Assert.Equal(new Refused("the run has ended before the checkpoint was on disk: stopped"), _asker.Receive());
        _desk.SettingGiven();
        _desk.Answer(_asker.Receiver, Changed(1));
        _desk.Ended(outcome, "stopped");
        Assert.Equal(new Refused("the run has ended before the change was on disk: stopped"), _asker.Receive());
        Assert.Equal(0, _desk.Waiting);
    }

    private static RunChanged Changed(long step) => new([new SettingChanged(0, "k", "a", "b") { Step = step }]);

    // The last checkpoint is of another step than that of now.
    private bool Asks(IControl request) => _desk.IsForRun(request, _asker.Receiver, _learner.Receiver, _run, saved: -1);
}

using Involute.Actors.Ledger;
using Involute.Actors.Protocol;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

public sealed class PendingWorkTests
{
    [Fact]
    public void What_is_acknowledged_is_forgotten_and_the_rest_keeps_its_order()
    {
        var pending = new PendingWork();
        object[] commands =
        [
            Record(1), new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(1)), Record(2), Record(3),
        ];
        foreach (var command in commands)
        {
            pending.Add(command);
        }

        pending.StepSaved(2);
        pending.StepSaved(7);

        Assert.Equal([commands[0], commands[1], commands[3]], pending.Commands);
        pending.CheckpointDone(1);
        Assert.Equal([commands[0], commands[3]], pending.Commands);
    }

    [Fact]
    public void A_checkpoint_of_a_step_that_is_not_known_yet_need_not_be_waited_for()
    {
        var pending = new PendingWork();
        pending.SavedUpTo(5);
        pending.Add(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(5)));
        pending.Add(Record(6));
        pending.Add(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(6)));
        pending.Add(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(7)));

        Assert.Equal(3, pending.Writable);
    }

    private static LedgerProtocol.RecordStep Record(long step) => new(Sample.Step(step));
}

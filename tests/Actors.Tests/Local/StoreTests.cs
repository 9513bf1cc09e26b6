using Involute.Actors.Tests.Doubles;
using Involute.Runs;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Local;

public sealed class StoreTests
{
    [Fact]
    public async Task A_store_that_does_not_answer_holds_the_run_up_and_nothing_is_lost()
    {
        var plan = TestPlans.Adam();
        var store = new MemoryStore();
        var observer = new RecordingObserver();
        await using var run = new TestRun(
            TestRun.Settings(plan, 12), MemoryLedgerActor.CreateProps(store, downAtStep: 4), observer);
        observer.OnStep = step =>
        {
            if (step == 5)
            {
                run.System.EventStream.Publish(new MemoryLedgerActor.ComeBack());
            }
        };
        run.AddNode();

        var outcome = await run.Outcome;

        Assert.Equal(RunStatus.Finished, outcome.Status);
        Assert.Equal(TestPlans.SequentialHashes(plan, 12), store.Steps.Values.Select(record => record.ThetaSha256));
        Assert.Equal(
            [
                "the store does not answer (unplugged): no further step is begun until it does",
                "the store answers again: the run goes on",
            ],
            observer.Warnings);
    }
}

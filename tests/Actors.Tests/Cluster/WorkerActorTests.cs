using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit.Xunit;
using Involute.Actors.Cluster;
using Involute.Actors.Nodes;
using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Ledger;
using Involute.Tests;
using Xunit;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Tests.Cluster;

public sealed class WorkerActorTests() : TestKit(NodeDispatcher.Hocon(1))
{
    private readonly ConcurrentDictionary<RunId, TaskCompletionSource<WorkerPlan>> _plans = [];
    private readonly TaskCompletionSource<WorkerOutcome> _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_becomes_of_an_offer_of_a_learner_that_is_gone_is_nobodys_business(bool itsPlanIsMade)
    {
        var worker = AddWorker();
        var first = CreateTestProbe();
        var second = CreateTestProbe();
        Offer(worker, "first", first);
        Sys.Stop(first);
        ExpectMsg<AskForRun>(cancellationToken: TestContext.Current.CancellationToken);
        Offer(worker, "second", second);
        await AwaitConditionAsync(() => _plans.Count == 2, cancellationToken: TestContext.Current.CancellationToken);

        Settle("first", itsPlanIsMade);
        second.ExpectNoMsg(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        Assert.False(_completion.Task.IsCompleted);
        Settle("second", isMade: true);

        var registration = second.ExpectMsg<RegisterNode>(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(new RunId("second"), registration.RunId);
        Assert.False(_completion.Task.IsCompleted);
    }

    [Fact]
    public async Task A_plan_that_cannot_be_made_ends_it_with_what_was_thrown()
    {
        var worker = AddWorker();
        Offer(worker, "first", CreateTestProbe());
        await AwaitConditionAsync(() => _plans.Count == 1, cancellationToken: TestContext.Current.CancellationToken);
        Settle("first", isMade: false);

        var outcome = await ClusterRun.Soon(_completion.Task);

        Assert.Equal((WorkerEnd.Unprepared, "no disk: first"), (outcome.End, outcome.Reason));
        Assert.IsType<IOException>(outcome.Cause);
    }

    [Fact]
    public async Task A_learner_of_another_version_is_told_as_such()
    {
        AddWorker().Tell(new NodeRefused(new RunId("first"), "it speaks protocol 3"));

        var outcome = await ClusterRun.Soon(_completion.Task);

        Assert.Equal((WorkerEnd.Refused, WorkerStep.Version), (outcome.End, outcome.Step));
        Assert.Equal("run first refuses this worker: it speaks protocol 3", outcome.Reason);
    }

    private IActorRef AddWorker()
    {
        var settings = new WorkerSettings { MakePlan = MakePlan, Tell = _ => { } };
        var worker = Sys.ActorOf(Props.Create(() => new WorkerActor(settings, TestActor, _completion)));
        ExpectMsg<AskForRun>(cancellationToken: TestContext.Current.CancellationToken);
        return worker;
    }

    private WorkerPlan MakePlan(RunOffered offer) =>
        _plans.GetOrAdd(offer.RunId, _ => new()).Task.GetAwaiter().GetResult();

    private static void Offer(IActorRef worker, string run, IActorRef learner) =>
        worker.Tell(new RunOffered(new RunId(run), "", ""), learner);

    private void Settle(string run, bool isMade)
    {
        var plan = _plans[new RunId(run)];
        if (isMade)
        {
            plan.SetResult(new WorkerPlan(
                new RegisterNode(new RunId(run), NodeProtocol.Version, "", Computation.Unknown, 1, 7), TestPlans.Sgd()));
        }
        else
        {
            plan.SetException(new IOException($"no disk: {run}"));
        }
    }
}

using Akka.Actor;
using Involute.Actors.Learning;
using Involute.Actors.Nodes;
using Involute.Actors.Protocol;
using Involute.Actors.Tests.Doubles;
using Involute.Runs;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Nodes;

public sealed class NodeTests
{
    [Fact]
    public async Task A_node_that_stops_leaves_its_pairs_to_another_and_theta_as_it_would_have_been()
    {
        var plan = TestPlans.Adam(pairsPerActor: 3);
        var observer = new RecordingObserver();
        await using var run = new TestRun(
            TestRun.Settings(plan, 15, 4), MemoryLedgerActor.CreateProps(new MemoryStore()), observer);
        var first = run.AddNode("first");
        observer.OnStep = step =>
        {
            if (step == 3)
            {
                run.AddNode("second");
            }
            else if (step == 7)
            {
                run.System.Stop(first);
            }
        };

        var outcome = await run.Outcome;

        Assert.True(outcome.Status == RunStatus.Finished, outcome.Message);
        Assert.Equal(TestPlans.SequentialHashes(plan, 15), observer.Hashes);
    }

    [Fact]
    public async Task A_pair_actor_that_is_told_to_stop_is_made_again()
    {
        var plan = TestPlans.Adam();
        var observer = new RecordingObserver();
        await using var run = new TestRun(
            TestRun.Settings(plan, 10, 4), MemoryLedgerActor.CreateProps(new MemoryStore()), observer);
        observer.OnStep = step =>
        {
            if (step == 6)
            {
                run.System.ActorSelection("/user/node/pairs-3-attempt-1").Tell(PoisonPill.Instance);
            }
        };
        run.AddNode();

        var outcome = await run.Outcome;

        Assert.Equal(RunStatus.Finished, outcome.Status);
        Assert.Equal(TestPlans.SequentialHashes(plan, 10), observer.Hashes);
    }

    [Fact]
    public void Only_nodes_that_would_compute_the_same_are_admitted()
    {
        var settings = TestRun.Settings(TestPlans.Sgd(), 1);
        var fits = new NodeProtocol.RegisterNode(
            settings.RunId, NodeProtocol.Version, settings.IdentitySha256, settings.Computation, 1, 7);

        Assert.Null(NodeAdmission.Refusal(settings, fits));
        Assert.StartsWith("it speaks protocol 99", Refusal(fits with { ProtocolVersion = 99 }));
        Assert.StartsWith("it was started for run other", Refusal(fits with { RunId = new("other") }));
        Assert.StartsWith("its settings (ff) differ", Refusal(fits with { IdentitySha256 = "ff" }));
        Assert.StartsWith("it offers 0 slots", Refusal(fits with { Slots = 0 }));

        string? Refusal(NodeProtocol.RegisterNode node) => NodeAdmission.Refusal(settings, node);
    }

    [Fact]
    public void The_table_of_faults_answers_for_every_exception()
    {
        Assert.Equal(FaultReach.Node, PairFaults.Find(new InsufficientMemoryException()).Reach);
        Assert.Equal(FaultReach.Node, PairFaults.Find(new DllNotFoundException()).Reach);
        Assert.Equal(FaultReach.Pairs, PairFaults.Find(new IOException()).Reach);
        Assert.True(PairFaults.Find(new InvalidDataException()).Fatal);
        Assert.True(PairFaults.Find(new ArgumentNullException("plan")).Fatal);
        Assert.False(PairFaults.Find(new InvalidOperationException()).Fatal);
        Assert.All(PairFaults.Table, row => Assert.NotEmpty(row.Reason));
    }
}

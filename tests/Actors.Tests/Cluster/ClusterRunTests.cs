using Involute.Actors.Cluster;
using Involute.Actors.Protocol;
using Involute.Actors.Telemetry;
using Involute.Actors.Tests.Doubles;
using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Cluster;

[Trait("Speed", "slow")]
public sealed class ClusterRunTests
{
    [Fact]
    public async Task Workers_that_come_and_go_leave_theta_as_it_would_have_been()
    {
        var plan = TestPlans.Adam(pairsPerActor: 3);
        await using var run = new ClusterRun(plan, long.MaxValue);
        var learner = await run.AddLearnerAsync();
        await run.AddWorkerAsync();
        await run.UntilAsync(workers: 1, moreSteps: 5);
        var second = await run.AddWorkerAsync();
        await run.UntilAsync(workers: 2, moreSteps: 20);
        await second.DisposeAsync();
        await run.UntilAsync(workers: 1, moreSteps: 20);
        await run.AddWorkerAsync();
        await run.UntilAsync(workers: 2, moreSteps: 20);
        learner.RequestStop();

        var outcome = await ClusterRun.Soon(learner.Completion);

        Assert.Equal(RunStatus.Interrupted, outcome.Status);
        var hashes = run.Observer.Hashes;
        Assert.Equal(TestPlans.SequentialHashes(plan, hashes.Length), hashes);
        Assert.Equal(hashes[^1], outcome.State!.Theta.HashText());
    }

    [Fact]
    public async Task A_standby_whose_run_goes_on_outside_its_cluster_leaves_it()
    {
        var step = 0L;
        await using var run = new ClusterRun(TestPlans.Adam(), 5);
        run.TakeElsewhere();
        var learner = await run.AddLearnerAsync(progress: () => Interlocked.Increment(ref step));

        var outcome = await ClusterRun.Soon(learner.Completion);

        Assert.Equal(RunStatus.Downed, outcome.Status);
        Assert.Contains("outside this cluster", outcome.Message);
        Assert.Empty(run.Store.Steps);
    }

    [Fact]
    public async Task A_stop_that_is_asked_for_before_there_is_a_learner_is_not_lost()
    {
        await using var run = new ClusterRun(TestPlans.Adam(), long.MaxValue);
        var learner = await run.AddLearnerAsync(begun: leadership => leadership.AskToStop());

        var outcome = await ClusterRun.Soon(learner.Completion);

        Assert.Equal(RunStatus.Interrupted, outcome.Status);
    }

    [Fact]
    public async Task Workers_end_when_their_run_does()
    {
        await using var run = new ClusterRun(TestPlans.Adam(), 5);
        await run.AddLearnerAsync();
        var pulse = new NodePulse(TimeProvider.System);
        var worker = await run.AddWorkerAsync(pulse: pulse);

        var outcome = await ClusterRun.Soon(worker.Completion);

        Assert.True(outcome.End == WorkerEnd.Finished, outcome.Reason);
        Assert.Equal((5L, true), (pulse.Now!.Step, pulse.Now.Done is not null));
    }

    [Fact]
    public async Task A_worker_that_would_compute_something_else_is_refused_and_told_why()
    {
        await using var run = new ClusterRun(TestPlans.Adam(), 5);
        await run.AddLearnerAsync();
        var other = await run.AddWorkerAsync(registration => registration with
        {
            Computation = registration.Computation with { Fingerprint = "f00d" },
        });
        var old = await run.AddWorkerAsync(registration => registration with { ProtocolVersion = 1 });

        var refused = await ClusterRun.Soon(other.Completion);
        var skewed = await ClusterRun.Soon(old.Completion);

        Assert.Equal((WorkerEnd.Refused, WorkerEnd.Refused), (refused.End, skewed.End));
        Assert.Contains(
            "it would not compute the same as the learner: the numbers that a trial gives (f00d, not ", refused.Reason);
        Assert.Contains(
            $"speaks protocol 1, the learner ({NodeProtocol.Program}) {NodeProtocol.Version}", skewed.Reason);
        Assert.Empty(run.Store.Steps);
    }

    [Fact]
    public async Task A_worker_that_only_checks_is_told_and_gets_no_pairs()
    {
        await using var run = new ClusterRun(TestPlans.Adam(), 5);
        await run.AddLearnerAsync();
        var same = await run.AddWorkerAsync(onlyChecks: true);
        var other = await run.AddWorkerAsync(
            registration => registration with
            {
                Computation = registration.Computation with { Fingerprint = "f00d" },
            },
            onlyChecks: true);

        var welcome = await ClusterRun.Soon(same.Completion);
        var refused = await ClusterRun.Soon(other.Completion);

        Assert.Equal(WorkerEnd.Checked, welcome.End);
        Assert.Equal((WorkerEnd.Refused, WorkerStep.Identity), (refused.End, refused.Step));
        Assert.Contains("the numbers that a trial gives", refused.Reason, StringComparison.Ordinal);
        Assert.Empty(run.Store.Steps);
    }

    [Fact]
    public async Task A_worker_without_memory_ends_and_its_pairs_go_to_others()
    {
        var plan = TestPlans.Adam();
        var problem = new FaultyProblem(
            plan.Problem, pair: 2, trajectory: 1, step: 1, int.MaxValue,
            () => new InsufficientMemoryException("20 GB"));
        await using var run = new ClusterRun(plan, 12);
        var learner = await run.AddLearnerAsync();
        var small = await run.AddWorkerAsync(itsPlan: plan.With(problem));

        var broken = await ClusterRun.Soon(small.Completion);
        await run.AddWorkerAsync();
        var outcome = await ClusterRun.Soon(learner.Completion);

        Assert.Equal(WorkerEnd.Broken, broken.End);
        Assert.Equal(
            "this process cannot go on computing, its pairs go to other workers: InsufficientMemoryException: 20 GB",
            broken.Reason);
        Assert.Equal(1, problem.Thrown);
        Assert.True(outcome.Status == RunStatus.Finished, outcome.Message);
        Assert.Equal(TestPlans.SequentialHashes(plan, 12), run.Observer.Hashes);
    }

    [Fact]
    public async Task A_learner_that_leaves_hands_its_run_over_at_its_last_step()
    {
        var plan = TestPlans.Adam();
        await using var run = new ClusterRun(plan, 60, checkpointInterval: 7);
        var halfway = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        LearnerNode? first = null;
        run.Observer.OnStep = step =>
        {
            if (step == 12)
            {
                first!.RequestStop();
                halfway.TrySetResult(true);
            }
        };
        first = await run.AddLearnerAsync();
        await run.AddWorkerAsync();
        await run.AddWorkerAsync();
        var second = await run.AddLearnerAsync();
        await ClusterRun.Soon(halfway.Task);
        var interrupted = await ClusterRun.Soon(first.Completion);
        await first.DisposeAsync();

        var outcome = await ClusterRun.Soon(second.Completion);

        Assert.Equal(RunStatus.Interrupted, interrupted.Status);
        Assert.True(outcome.Status == RunStatus.Finished, outcome.Message);
        Assert.Equal(TestPlans.SequentialHashes(plan, 60), run.Store.Steps.Values.Select(step => step.ThetaSha256));
        Assert.Equal(2, run.Store.Epoch);
    }

    [Fact]
    public async Task A_learner_that_only_stood_by_leaves_nothing_behind()
    {
        await using var run = new ClusterRun(TestPlans.Adam(), 5);
        await run.AddLearnerAsync();
        var second = await run.AddLearnerAsync();
        second.RequestStop();

        var outcome = await ClusterRun.Soon(second.Completion);

        Assert.Equal((RunStatus.Interrupted, null), (outcome.Status, outcome.State));
        Assert.Empty(run.Store.Steps);
    }

    // Theta, contribution and state are each larger than a frame.
    [Fact]
    public async Task Messages_that_fit_no_frame_go_in_pieces()
    {
        const int Dimension = 700_000;
        var plan = new TrainingPlan<float>(
            new StepProblem<float>(new MemorylessLinear<float>(Dimension, orthonormal: false)),
            new PersistentES<float>(),
            new GaussianNoise<float>(0.1),
            new ConstantSchedule(6),
            new WindowSettings(Seed: 3, Window: 2),
            new MetaSgd<float>(0.01),
            Pairs: 2);
        await using var run = new ClusterRun(plan, 6, checkpointInterval: 2);
        var learner = await run.AddLearnerAsync();
        await run.AddWorkerAsync();
        await run.AddWorkerAsync();

        var outcome = await ClusterRun.Soon(learner.Completion);

        Assert.True(outcome.Status == RunStatus.Finished, outcome.Message);
        Assert.Equal(TestPlans.SequentialHashes(plan, 6), run.Observer.Hashes);
        // Heartbeats may be late where other programs keep the processors busy.
        Assert.DoesNotContain(
            run.Observer.Warnings, warning => !warning.Contains("heartbeat interval", StringComparison.Ordinal));
    }
}

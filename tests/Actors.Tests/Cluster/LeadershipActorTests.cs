using Akka.Actor;
using Involute.Actors.Cluster;
using Involute.Actors.Tests.Doubles;
using Involute.Runs.Claims;
using Xunit;

namespace Involute.Actors.Tests.Cluster;

public sealed class LeadershipActorTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task It_ends_although_its_claim_does_not_return_and_gives_the_claim_back_when_it_does()
    {
        using var system = ActorSystem.Create("leadership");
        var store = new TaskCompletionSource<IRunClaim>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = system.ActorOf(LeadershipActor.CreateProps(new Leadership
        {
            ClaimRun = _ =>
            {
                asked.SetResult();
                return store.Task;
            },
            Begin = () => throw new InvalidOperationException("a run that is not this process's was begun"),
            Observer = new RecordingObserver(),
            Members = _ => { },
        }));
        await asked.Task.WaitAsync(Guard, TestContext.Current.CancellationToken);

        Assert.True(await actor.GracefulStop(Guard, LeadershipActor.EndLeadership.Instance));

        var claim = new Claim();
        store.SetResult(claim);
        await claim.GivenBack.Task.WaitAsync(Guard, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_run_whose_folder_cannot_be_read_when_its_turn_comes_is_given_back_and_the_reason_told()
    {
        using var system = ActorSystem.Create("leadership");
        var claim = new Claim();
        var leadership = new Leadership
        {
            ClaimRun = _ => Task.FromResult<IRunClaim>(claim),
            Begin = () => throw new IOException("config.conf is gone"),
            Observer = new RecordingObserver(),
            Members = _ => { },
        };
        system.ActorOf(LeadershipActor.CreateProps(leadership));
        var told = await Assert.ThrowsAsync<IOException>(
            () => leadership.Completion.Task.WaitAsync(Guard, TestContext.Current.CancellationToken));
        Assert.Equal("config.conf is gone", told.Message);
        await claim.GivenBack.Task.WaitAsync(Guard, TestContext.Current.CancellationToken);
    }

    private sealed class Claim : IRunClaim
    {
        public TaskCompletionSource GivenBack { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<RunClaimedException> Lost { get; } = new TaskCompletionSource<RunClaimedException>().Task;

        public ValueTask DisposeAsync()
        {
            GivenBack.SetResult();
            return ValueTask.CompletedTask;
        }
    }
}

using Akka.Actor;
using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Claims;

namespace Involute.Actors.Cluster;

/// <content>Until the run is taken: asking again, and looking whether it goes on outside this cluster.</content>
public sealed partial class TenureActor
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly StrandedWatch _stranded = new();
    private bool _toldOfWaiting;

    private void Taking()
    {
        Receive<TakeAgain>(_ => Take());
        Receive<Taken>(taken =>
        {
            _run = taken.Run;
            if (_ending)
            {
                GiveBack();
            }
            else
            {
                taken.Run.Lost.PipeTo(Self);
                Lead();
            }
        });
        Receive<Status.Failure>(failed => NotTaken(failed.Cause));
        Receive<Look>(_ => LookAsync().PipeTo(Self));
        Receive<Looked>(looked => Waited(looked.Progress));
        Receive<EndTenure>(_ =>
        {
            _ending = true;
            _cancellation.Cancel();
            if (Timers.IsTimerActive(nameof(AskAgain)))
            {
                Context.Stop(Self);
            }
        });

        // Workers ask again.
        Receive<IWireMessage>(_ => { });
    }

    private void Take() => TakeAsync().PipeTo(Self);

    // Elsewhere: a lock is tried for a while.
    private async Task<Taken> TakeAsync() =>
        new(await Task.Run(() => _tenure.TakeRun!(_cancellation.Token)).ConfigureAwait(false));

    private async Task<Looked> LookAsync()
    {
        try
        {
            return new Looked(await Task.Run(_tenure.Progress!).ConfigureAwait(false));
        }
        catch (Exception cause) when (cause is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // Taking the run uses the same store, and says what is wrong with it.
            return new Looked(null);
        }
    }

    // Only a learner holds a run: without another one in this cluster, the holder is outside.
    private void Waited(long? progress)
    {
        var cluster = Akka.Cluster.Cluster.Get(Context.System);
        var isHolderHere = cluster.State.Members.Any(
            member => member.HasRole(ClusterRole.Learner) && !member.UniqueAddress.Equals(cluster.SelfUniqueAddress));
        if (_stranded.Look(isHolderHere, progress))
        {
            _cancellation.Cancel();
            Timers.CancelAll();
            _tenure.Completion.TrySetResult(new RunOutcome(
                RunStatus.Downed, null, double.NaN, 0, "another learner leads the run, outside this cluster: the network was cut"));
            Become(Over);
        }
    }

    private void NotTaken(Exception cause)
    {
        if (_ending)
        {
            Context.Stop(Self);
        }
        else if (cause is RunClaimedException held)
        {
            if (!_toldOfWaiting)
            {
                _toldOfWaiting = true;
                _tenure.Observer.Warned($"{held.Message}: waiting for it to end");
                if (_tenure.Progress is not null)
                {
                    Timers.StartPeriodicTimer(nameof(Look), new Look(), _tenure.LookInterval);
                }
            }

            Timers.StartSingleTimer(nameof(AskAgain), new TakeAgain(), AskAgain);
        }
        else
        {
            // Whatever it is, it is the command's to report.
            _tenure.Completion.TrySetException(cause);
            Become(Over);
        }
    }

    private sealed record Look : INoSerializationVerificationNeeded;

    private sealed record Looked(long? Progress) : INoSerializationVerificationNeeded;

    private sealed record TakeAgain : INoSerializationVerificationNeeded;

    private sealed record Taken(IRunClaim Run) : INoSerializationVerificationNeeded;
}

using Involute.Actors.Cluster;
using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Actors.Telemetry;
using Involute.Actors.Tests.Doubles;
using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Runs.Claims;
using Involute.Runs.Ledger;

namespace Involute.Actors.Tests.Cluster;

/// <summary>
/// Learners and workers of one run, each an actor system of its own that talks to the others over TCP.
/// </summary>
internal sealed class ClusterRun(TrainingPlan<float> plan, long outerSteps, int checkpointInterval = 3) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly List<IAsyncDisposable> _nodes = [];
    private readonly SemaphoreSlim _lock = new(1);
    private readonly Computation _computation =
        Computation.Unknown with { Fingerprint = ComputationFingerprint.Of(plan) };

    private readonly Change _changed = new();

    private Endpoint _first;
    private volatile IReadOnlyList<ClusterMember>? _members;
    private long _step;

    public MemoryStore Store { get; } = new();

    public RecordingObserver Observer { get; } = new();

    /// <summary>Waits until so many workers take part, and so many more steps have been done.</summary>
    public async Task UntilAsync(int workers, long moreSteps)
    {
        using var patience = new CancellationTokenSource(Patience);
        await UntilAsync(
            () => (_members?.Count(member => member.Slots is not null) ?? 0) == workers, patience.Token);
        var step = Interlocked.Read(ref _step) + moreSteps;
        await UntilAsync(() => Interlocked.Read(ref _step) >= step, patience.Token);
    }

    /// <summary>A learner that the nodes of this cluster do not see takes the run.</summary>
    public void TakeElsewhere() => _lock.Wait();

    public static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(Patience);

    /// <summary>Starts a learner; the first founds the cluster, later ones stand by.</summary>
    /// <param name="progress">The run's progress, if its learner may be outside the cluster.</param>
    /// <param name="begun">Called when it is to lead, before there is a learner.</param>
    public async Task<LearnerNode> AddLearnerAsync(Func<long>? progress = null, Action<Leadership>? begun = null)
    {
        var isFirst = _first == default;
        var then = Observer.OnStep;
        Observer.OnStep = step =>
        {
            Interlocked.Exchange(ref _step, step);
            _changed.Signal();
            then(step);
        };
        Leadership leadership = null!;
        leadership = new Leadership
        {
            ClaimRun = _ => _lock.Wait(0, CancellationToken.None)
                ? Task.FromResult<IRunClaim>(new Taken(_lock))
                : Task.FromException<IRunClaim>(new RunClaimedException("the run", "the other learner")),
            Progress = progress,
            LookInterval = TimeSpan.FromMilliseconds(50),
            Begin = () =>
            {
                begun?.Invoke(leadership);
                return new LeadershipRun(Settings(), MemoryLedgerActor.CreateProps(Store));
            },
            Observer = Observer,
            Members = members =>
            {
                _members = members;
                _changed.Signal();
            },
        };
        var learner = await LearnerNode.StartAsync(
            Options(ClusterRole.Learner), isFirst ? [] : [_first], [], leadership);
        _first = isFirst ? learner.Address : _first;
        _nodes.Add(learner);
        return learner;
    }

    /// <param name="change">What the worker says of itself instead of the truth.</param>
    /// <param name="itsPlan">The plan as this worker would compute it.</param>
    /// <param name="onlyChecks">Whether it only asks if it would be let in.</param>
    /// <param name="pulse">Is told how its work goes on.</param>
    public async Task<WorkerNode> AddWorkerAsync(
        Func<NodeProtocol.RegisterNode, NodeProtocol.RegisterNode>? change = null, TrainingPlan<float>? itsPlan = null,
        bool onlyChecks = false, NodePulse? pulse = null)
    {
        var settings = new WorkerSettings
        {
            MakePlan = offer =>
            {
                var registration = new NodeProtocol.RegisterNode(
                    offer.RunId, NodeProtocol.Version, offer.IdentitySha256, _computation, 1, Environment.ProcessId);
                return new WorkerPlan(change?.Invoke(registration) ?? registration, itsPlan ?? plan);
            },
            Tell = _ => { },
            OnlyChecks = onlyChecks,
            Pulse = pulse,
        };
        var worker = await WorkerNode.StartAsync(Options(ClusterRole.Worker), [_first], settings);
        _nodes.Add(worker);
        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        // Workers first: a learner that leaves hands its run over, and here no other learner could take it.
        for (var i = _nodes.Count - 1; i >= 0; i--)
        {
            await _nodes[i].DisposeAsync();
        }

        _lock.Dispose();
    }

    private LearnerSettings Settings() =>
        TestRun.Settings(plan, (int)Math.Min(outerSteps, int.MaxValue), checkpointInterval) with
        {
            Resume = Store.Epoch > 0,
            WaitsForNodes = true,
            ReminderInterval = TimeSpan.FromSeconds(1),
            Computation = _computation,
        };

    private async Task UntilAsync(Func<bool> holds, CancellationToken patience)
    {
        for (var changed = _changed.Next; !holds(); changed = _changed.Next)
        {
            await changed.WaitAsync(patience);
        }
    }

    private static ClusterNodeOptions Options(string role) =>
        new(new Endpoint("127.0.0.1", 0), role, Threads: 1, string.Empty, string.Empty, Encryption: null);

    /// <summary>Wakes those who wait for the next change of the run.</summary>
    private sealed class Change
    {
        private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Ends at the next change; ask for it before you look.</summary>
        public Task Next => Volatile.Read(ref _next).Task;

        public void Signal() => Interlocked
            .Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
            .SetResult();
    }

    private sealed class Taken(SemaphoreSlim semaphore) : IRunClaim
    {
        public Task<RunClaimedException> Lost { get; } = new TaskCompletionSource<RunClaimedException>().Task;

        public ValueTask DisposeAsync()
        {
            semaphore.Release();
            return ValueTask.CompletedTask;
        }
    }
}

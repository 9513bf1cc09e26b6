using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Runs.Claims;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;

namespace Involute.Runs.Opening;

/// <summary>
/// A run that this process may go on with: its folder, settings, plan and store, and its claim on them.
/// </summary>
/// <remarks>
/// All methods throw exceptions whose message is one line for the user: <see cref="RunRefusedException"/>,
/// <see cref="ConfigurationException"/>, <see cref="RunClaimedException"/> where another learner has the run,
/// <see cref="InvalidDataException"/> where the store is damaged or a data file is wrong, and
/// <see cref="IOException"/>.
/// </remarks>
public sealed class OpenRun : IAsyncDisposable
{
    private readonly IRunClaim? _claim;
    private bool _begun;

    private OpenRun(
        RunFolder folder, RunConfiguration configuration, TrainingPlan<float> plan, Task<Computation> computation,
        IRunStore store, IRunClaim? claim)
    {
        Folder = folder;
        Configuration = configuration;
        Plan = plan;
        Initial = OuterState<float>.Initial(plan);
        Store = store;
        _claim = claim;
        Computation = computation;
    }

    /// <summary>The run's folder.</summary>
    public RunFolder Folder { get; }

    /// <summary>Name of the run.</summary>
    public RunId Id => new(Folder.RunId);

    /// <summary>Its effective settings.</summary>
    public RunConfiguration Configuration { get; private set; }

    /// <summary>Everything that decides theta.</summary>
    public TrainingPlan<float> Plan { get; }

    /// <summary>By what the windows of this process are computed: the same, with the problem on a device where one is set.</summary>
    internal TrainingPlan<float> NodePlan
    {
        get => field ?? Plan;
        private init;
    }

    /// <summary>How large what it keeps and writes is; measured once.</summary>
    internal RunSizes Sizes
    {
        get => field ??= RunSizes.Of(Configuration, Plan);
        private init;
    }

    /// <summary>Where a fork that has just been begun comes from, and what it has taken over, a line each.</summary>
    internal IReadOnlyList<string> Forked { get; private init; } = [];

    /// <summary>What this process computes the run with; takes as long as hashing its data and a short trial.</summary>
    public Task<Computation> Computation { get; }

    /// <summary>Theta and the meta-optimizer before the first outer step.</summary>
    public OuterState<float> Initial { get; }

    /// <summary>Where ledger and checkpoints are.</summary>
    public IRunStore Store { get; }

    /// <summary>Whether there is something to go on from.</summary>
    public bool Resumes { get; private init; }

    /// <summary>The ledger's epoch when this process claimed the run; null if it has not claimed it.</summary>
    public long? Epoch { get; private init; }

    /// <summary>The step of an older checkpoint to go on from; null to go on from the newest.</summary>
    public long? At { get; private init; }

    /// <summary>Settings that have changed since the run was last led.</summary>
    public IReadOnlyList<SettingChange> Changes { get; private init; } = [];

    /// <summary>
    /// Changes of settings that decide theta, from the next step on that the ledger has not: they stand in the ledger, not in
    /// <see cref="Configuration"/>.
    /// </summary>
    public IReadOnlyList<SettingChange> ChangesAtStep { get; private init; } = [];

    /// <summary>Whether another process may lead the run now; this one claims it when it is its turn.</summary>
    public bool StandsBy => _claim is null;

    /// <summary>Completes if another learner has taken the run: this one must not write any more.</summary>
    public Task<RunClaimedException> Lost { get; private init; } = new TaskCompletionSource<RunClaimedException>().Task;

    /// <summary>Begins a run: reads the task's data, makes the folder, claims it.</summary>
    /// <param name="configuration">Its settings.</param>
    /// <param name="runsFolder">Folder of all runs; made when missing.</param>
    /// <param name="name">Name of the run; null for one made of task, optimizer and estimator.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<OpenRun> BeginAsync(
        RunConfiguration configuration, string runsFolder, string? name, CancellationToken cancellation = default) =>
        BeginAsync(configuration, runsFolder, name, from: null, cancellation);

    /// <summary>The same, of a run that goes on from a step of another one.</summary>
    /// <param name="configuration">Its settings.</param>
    /// <param name="runsFolder">Folder of all runs; made when missing.</param>
    /// <param name="name">Name of the run; null for a generated one.</param>
    /// <param name="from">Where it begins; null for the start.</param>
    /// <param name="cancellation">Gives up.</param>
    internal static async Task<OpenRun> BeginAsync(
        RunConfiguration configuration, string runsFolder, string? name, ForkPoint? from, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration = configuration.WithAbsolutePaths();

        // Data first: a run that cannot start leaves no folder behind.
        var (plan, sizes) = Readiness.RequireRoom(configuration);
        var nodePlan = DevicePlan.Of(plan, configuration.Gpu.Device);
        var computation = Task.Run(() => ThisComputation.Of(configuration, plan), CancellationToken.None);
        var fork = from is null
            ? null
            : new RunFork(from, configuration, plan, await computation.ConfigureAwait(false));
        fork?.RequireSteps();
        HashSet<string> lost = [];
        while (true)
        {
            // To look which names are free says nothing about the next instant: the folder and the claim decide.
            var tried = Readiness.NewName(configuration, runsFolder, name, lost);
            try
            {
                var folder = CreateFolder(configuration, runsFolder, tried, fork?.Origin);
                var (store, claim) = await ClaimNewAsync(folder, configuration, fork, cancellation).ConfigureAwait(false);
                return new OpenRun(folder, configuration, plan, computation, store, claim)
                {
                    NodePlan = nodePlan,
                    Epoch = fork is null ? 0 : 1,
                    Resumes = fork is not null,
                    Forked = fork is null
                        ? []
                        : [$"forked from run {fork.Origin.Run} at outer step {fork.Origin.Step}", .. fork.Carry.Lines()],
                    Sizes = sizes,
                    Lost = claim.Lost,
                };
            }
            catch (IOException taken) when (name is null && taken is RunNameTakenException or RunClaimedException)
            {
                lost.Add(tried);
            }
            catch (RunNameTakenException taken)
            {
                throw new RunRefusedException(taken.Message);
            }
        }
    }

    /// <summary>
    /// Goes on with a run that has ended in any way: checks its progress, claims it, writes down what has changed.
    /// </summary>
    /// <param name="folder">The run.</param>
    /// <param name="before">Its settings, as they stand in the folder.</param>
    /// <param name="configuration">Its settings from now on; only those that may change may differ.</param>
    /// <param name="at">
    /// The step of an older whole checkpoint to go on from, because a newer one is damaged; 0 for the start of the run.
    /// Null to go on from the newest.
    /// </param>
    /// <param name="arguments">Values of <c>--set</c>, if the settings come from there.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<OpenRun> ResumeAsync(
        RunFolder folder, RunConfiguration before, RunConfiguration configuration, long? at = null,
        IReadOnlyList<string>? arguments = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(configuration);
        (configuration, var wanted) = ResumeRules.TakeOut(before, configuration, arguments ?? []);
        var changes = Readiness.RequireSameRun(folder, before, configuration);
        var store = StoreFactory.Create(folder, configuration);
        var plan = PlanFactory.Create(configuration);
        var nodePlan = DevicePlan.Of(plan, configuration.Gpu.Device);
        var computation = ThisComputation.Of(configuration, plan);
        await RunFork.CompleteAsync(folder, configuration, store, plan, computation, cancellation).ConfigureAwait(false);
        var run = Readiness.RequireProgress(folder, configuration, store, computation, at);
        var settings = new ChangingSettings(configuration, run.History.SettingChanges);
        List<SettingChange> atStep = [.. wanted.SelectMany(settings.Changed)];
        var epoch = run.History.Epochs is [.., var last] ? last.Epoch : 0;
        var claim = await RunClaim.ClaimAsync(folder.FullPath, store, TimeProvider.System, cancellation)
            .ConfigureAwait(false);
        try
        {
            RequireUnchanged(store, epoch);
            if (changes.Count > 0)
            {
                AtomicFile.Write(folder.Configuration, configuration.ToHocon());
            }
        }
        catch
        {
            await claim.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new OpenRun(folder, configuration, plan, Task.FromResult(computation), store, claim)
        {
            Resumes = true,
            NodePlan = nodePlan,
            Epoch = epoch,
            At = at,
            Changes = changes,
            ChangesAtStep = atStep,
            Lost = claim.Lost,
        };
    }

    /// <summary>
    /// Makes ready to go on with a run when the learner that leads it now is gone. Writes and claims nothing.
    /// </summary>
    /// <param name="folder">The run.</param>
    /// <param name="configuration">Its settings.</param>
    public static OpenRun StandBy(RunFolder folder, RunConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(configuration);
        var plan = PlanFactory.Create(configuration);
        return new OpenRun(
            folder, configuration, plan, Task.Run(() => ThisComputation.Of(configuration, plan)),
            StoreFactory.Create(folder, configuration), claim: null)
        {
            Resumes = true,
        };
    }

    /// <summary>Settings that decide nothing change while the run goes on: the folder has them from now on.</summary>
    /// <returns>Why it cannot, in one line; null if it has.</returns>
    internal string? Operate(RunConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        try
        {
            AtomicFile.Write(Folder.Configuration, configuration.ToHocon());
            Configuration = configuration;
            return null;
        }
        catch (IOException unwritable)
        {
            return $"the settings in the run's folder cannot be written: {unwritable.Message}";
        }
    }

    /// <summary>Reads the settings of the folder again, which another learner may have changed since.</summary>
    internal RunConfiguration Renewed() =>
        Configuration = ConfigurationLoader.LoadRun(Folder.FullPath, [], Configuration.PluginFolder);

    /// <summary>What is wrong with the run's store, in one line; null if nothing is.</summary>
    /// <remarks>For a process that has stood by while another led the run: the store has changed since.</remarks>
    public string? Problem() => RunReader.Read(Folder, Configuration, Store).Problem;

    /// <summary>
    /// The run has begun: from now on its folder stays, also if nothing was written yet, for instance because the process
    /// was asked to stop at once.
    /// </summary>
    internal void Keep() => _begun = true;

    /// <summary>Gives the run back. A new run that has not begun leaves no folder behind.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_claim is not null)
        {
            await _claim.DisposeAsync().ConfigureAwait(false);
        }

        if (!Resumes && !FolderClaim.IsClaimed(Folder.FullPath) && !HasBegun())
        {
            Remove(Folder);
        }
    }

    // One that has written anything can be resumed. What cannot be asked stays.
    private bool HasBegun()
    {
        try
        {
            return !Computation.IsFaulted
                && (_begun || Folder.ReadLedgerMark() is not { Ledger: null } || Store.LastEvent() > 0);
        }
        catch (Exception unknown) when (unknown is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static async Task<(IRunStore Store, RunClaim Claim)> ClaimNewAsync(
        RunFolder folder, RunConfiguration configuration, RunFork? fork, CancellationToken cancellation)
    {
        try
        {
            var store = StoreFactory.Create(folder, configuration);
            var claim = await RunClaim.ClaimAsync(folder.FullPath, store, TimeProvider.System, cancellation)
                .ConfigureAwait(false);
            try
            {
                store.ForgetFormerRun();
                RequireUnchanged(store, epoch: 0);
                fork?.Begin(store, folder);
                return (store, claim);
            }
            catch
            {
                await claim.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch when (!FolderClaim.IsClaimed(folder.FullPath))
        {
            Remove(folder);
            throw;
        }
    }

    // A process that was frozen between its look at the run and its claim.
    private static void RequireUnchanged(IRunStore store, long epoch)
    {
        if (store.LastEpoch() != epoch)
        {
            throw RunClaimedException.Overtaken(store.Place);
        }
    }

    // The name is free again: nothing of the run exists.
    private static void Remove(RunFolder folder) => Directory.Delete(folder.FullPath, recursive: true);

    private static RunFolder CreateFolder(RunConfiguration configuration, string runs, string name, RunOrigin? origin)
    {
        try
        {
            return RunFolder.Create(runs, name, configuration.ToHocon(), origin);
        }
        catch (IOException exception) when (exception is not RunNameTakenException)
        {
            throw new RunRefusedException(exception.Message);
        }
    }
}

using System.Diagnostics;
using System.Threading.Channels;
using Akka.Actor;
using Involute.Actors.Cluster;
using Involute.Actors.Learning;
using Involute.Actors.Local;
using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;

namespace Involute.Hosting;

/// <summary>
/// A meta-training run in one's own program: begun or resumed, reported step by step, stopped cleanly.
/// </summary>
/// <remarks>
/// <code>
/// await using var run = await TrainingRun.StartAsync(new TrainingRunOptions { Name = "first" }, cancellation);
/// await foreach (var step in run.Steps())
/// {
///     Console.WriteLine($"{step.Version}: {step.MeanLoss}");
/// }
///
/// var outcome = await run.Completion;
/// </code>
/// The command line runs by this class too. A run survives any crash: the same name resumes it.
/// </remarks>
public sealed class TrainingRun : ITrainingRun
{
    /// <summary>Steps that wait for a reader of <see cref="Steps"/> at most.</summary>
    public const int StepsKept = 256;

    private readonly OpenRun _open;
    private readonly bool _ownsRun;
    private readonly ITrainingRun _actors;
    private readonly StepStream _steps;
    private readonly CancellationTokenRegistration _stop;
    private readonly RunConsole? _console;
    private readonly RunInstruments _instruments;
    private LonePlaces? _places;
    private int _disposed;

    private TrainingRun(
        OpenRun open, bool ownsRun, ITrainingRun actors, StepStream steps, RunConsole? console,
        RunInstruments instruments, LearnerSeat seat, CancellationToken cancellation)
    {
        (_open, _ownsRun, _actors, _steps, _console) = (open, ownsRun, actors, steps, console);
        (_instruments, Seat) = (instruments, seat);
        Completion = CompleteAsync();
        _stop = cancellation.Register(RequestStop);
    }

    /// <summary>The run's folder.</summary>
    public RunFolder Folder => _open.Folder;

    /// <summary>The effective settings.</summary>
    public RunConfiguration Configuration => _open.Configuration;

    /// <summary>Everything that decides theta.</summary>
    public TrainingPlan<float> Plan => _open.Plan;

    /// <summary>Whether there was something to go on from.</summary>
    public bool Resumed => _open.Resumes;

    /// <summary>Where this process listens for workers; null if it computes by itself.</summary>
    public Endpoint? Address => (_actors as LearnerNode)?.Address;

    /// <summary>Where its console listens; null without one.</summary>
    public Endpoint? ConsoleAddress => _console?.Address;

    /// <summary>Whether its cluster has let this process in; null without a cluster.</summary>
    internal bool? IsMember => (_actors as LearnerNode)?.IsMember;

    /// <summary>Where the learner of this process is found.</summary>
    internal LearnerSeat Seat { get; }

    /// <summary>What was measured of the run.</summary>
    internal RunInstruments Instruments => _instruments;

    /// <summary>Completes when this process leads the run: at once, unless it stands by.</summary>
    public Task Leading => _steps.Started;

    /// <summary>How the run ended. Never faults for a reason that an outcome can tell.</summary>
    public Task<RunOutcome> Completion { get; }

    /// <summary>Begins or resumes a run and starts its actors.</summary>
    /// <param name="options">What to train, where, and who hears of it.</param>
    /// <param name="cancellation">Gives up while the run starts; later it asks the run to stop, as
    /// <see cref="RequestStop"/>.</param>
    /// <exception cref="RunRefusedException">The run cannot be begun or resumed as asked.</exception>
    /// <exception cref="Runs.Claims.RunClaimedException">Another learner has the run.</exception>
    /// <exception cref="ConfigurationException">The settings are wrong.</exception>
    /// <exception cref="IOException">The folder, the store or the network cannot be used.</exception>
    public static async Task<TrainingRun> StartAsync(
        TrainingRunOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Cluster?.RequireFree();
        var open = await OpenAsync(options, cancellation).ConfigureAwait(false);
        try
        {
            return await StartAsync(open, ownsRun: true, options, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await open.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts the actors of a run that is open already, and stays open when this is disposed.</summary>
    /// <param name="open">The run.</param>
    /// <param name="options">Where it runs and who hears of it; what it trains is in <paramref name="open"/>.</param>
    /// <param name="cancellation">As in the other method.</param>
    public static Task<TrainingRun> LeadAsync(
        OpenRun open, TrainingRunOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(options);
        return StartAsync(open, ownsRun: false, options, cancellation);
    }

    /// <summary>Outer steps as they are done, until the run ends; for one reader.</summary>
    /// <remarks>
    /// The run does not wait: a reader that is more than <see cref="StepsKept"/> steps behind misses the oldest. A step
    /// may not be on disk yet.
    /// </remarks>
    public IAsyncEnumerable<OuterStepResult<float>> Steps(CancellationToken cancellation = default) =>
        _steps.ReadAsync(cancellation);

    /// <inheritdoc/>
    public void RequestStop() => _actors.RequestStop();

    /// <summary>Ends the actors; a run that is not at its end can be resumed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.DisposeAsync().ConfigureAwait(false);
        if (_console is not null)
        {
            await _console.DisposeAsync().ConfigureAwait(false);
        }

        _places?.Remove();
        await _actors.DisposeAsync().ConfigureAwait(false);
        _instruments.Dispose();
        _steps.Complete();
        if (Leading.IsCompletedSuccessfully)
        {
            _open.Keep();
        }

        if (_ownsRun)
        {
            await _open.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<TrainingRun> StartAsync(
        OpenRun open, bool ownsRun, TrainingRunOptions options, CancellationToken cancellation)
    {
        var console = RunConsole.Open(options.Console, open);
        var instruments = new RunInstruments(
            open.Id.Value, open.Configuration.OuterSteps, options.Observe?.Invoke(open), TimeProvider.System);
        var steps = new StepStream(
            instruments,
            console?.Observer,
            new ThetaKeeper(
                new KeptThetas(open.Folder), KeptThetas.Every(open.Configuration, open.Plan.ThetaLength)),
            open.Plan.ThetaLength);
        try
        {
            var seat = console?.Seat ?? new LearnerSeat();
            ITrainingRun actors = options.Cluster is { } place
                ? await ClusterLearner.StartAsync(
                    open, place, steps, seat, console?.Role, options.Web is { } web ? PlaceRole.Web.Of(web) : null)
                    .ConfigureAwait(false)
                : await LocalRun.StartAsync(open, steps, options.ActorSystem, seat).ConfigureAwait(false);
            var run = new TrainingRun(open, ownsRun, actors, steps, console, instruments, seat, cancellation);
            console?.Start(run.System, run.Address);
            if (options.Cluster is null)
            {
                run._places = LonePlaces.Tell(open, console?.Address, options.Web, ((IRunObserver)steps).Warned);
            }

            return run;
        }
        catch
        {
            instruments.Dispose();
            if (console is not null)
            {
                await console.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private ActorSystem System => _actors switch
    {
        LearnerNode node => node.System,
        LocalRun local => local.System,
        var other => throw new UnreachableException($"no actor system of a {other.GetType().Name}"),
    };

    private static async Task<OpenRun> OpenAsync(TrainingRunOptions options, CancellationToken cancellation)
    {
        AkkaSettings.Require(options.Configuration.Akka);
        bool Exists() => options.Name is { } name && File.Exists(
            Path.Combine(options.RunsFolder, name, ConfigurationLoader.FileName));
        if (options.Mode == RunMode.Begin || (options.Mode == RunMode.BeginOrResume && !Exists()))
        {
            try
            {
                return await OpenRun.BeginAsync(
                    options.Configuration, options.RunsFolder, options.Name, cancellation).ConfigureAwait(false);
            }
            catch (RunRefusedException) when (options.Mode == RunMode.BeginOrResume && Exists())
            {
                // Another process has begun it meanwhile: the claim decides which of the two goes on.
            }
        }

        var folder = RunFolder.Open(
            options.RunsFolder, options.Name ?? throw new RunRefusedException("a run that is resumed needs its name"));
        var before = ConfigurationLoader.LoadRun(folder.FullPath, [], options.Configuration.PluginFolder);
        return await OpenRun.ResumeAsync(
            folder, before, options.Configuration.WithAbsolutePaths(), cancellation: cancellation)
            .ConfigureAwait(false);
    }

    private async Task<RunOutcome> CompleteAsync()
    {
        await Task.WhenAny(_actors.Completion, _open.Lost).ConfigureAwait(false);
        _steps.Complete();
        return _actors.Completion.IsCompleted
            ? await _actors.Completion.ConfigureAwait(false)
            : new RunOutcome(
                RunStatus.Held, null, double.NaN, 0, (await _open.Lost.ConfigureAwait(false)).Message);
    }

    /// <summary>Outer steps as a stream, beside an observer of the run.</summary>
    /// <remarks>The run never waits for a reader: of one that is too far behind, the oldest steps are
    /// dropped.</remarks>
    private sealed class StepStream(
        IRunObserver? other, IRunObserver? console, ThetaKeeper keeper, int thetaLength)
        : IRunObserver, ISettingsObserver
    {
        private readonly Channel<OuterStepResult<float>> _steps = Channel.CreateBounded<OuterStepResult<float>>(
            new BoundedChannelOptions(StepsKept) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true });

        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when this process leads the run.</summary>
        public Task Started => _started.Task;

        /// <summary>Ends the stream.</summary>
        public void Complete() => _steps.Writer.TryComplete();

        /// <summary>The steps, until the run ends.</summary>
        public IAsyncEnumerable<OuterStepResult<float>> ReadAsync(CancellationToken cancellation) =>
            _steps.Reader.ReadAllAsync(cancellation);

        void IRunObserver.Started(OuterState<float> state, IReadOnlyList<string> warnings)
        {
            _started.TrySetResult();
            console?.Started(state, warnings);
            other?.Started(state, warnings);
        }

        void IRunObserver.StepCompleted(OuterStepResult<float> result)
        {
            _steps.Writer.TryWrite(result);
            console?.StepCompleted(result);
            if (keeper.Keep(result.State.Theta) is { } problem)
            {
                other?.Warned(problem);
            }

            other?.StepCompleted(result);
        }

        void IRunObserver.StepMeasured(OuterStepResult<float> result, StepCourse course)
        {
            console?.StepMeasured(result, course);
            other?.StepMeasured(result, course);
        }

        void ISettingsObserver.SettingsChanged(RunConfiguration settings)
        {
            keeper.Every = KeptThetas.Every(settings, thetaLength);
            (other as ISettingsObserver)?.SettingsChanged(settings);
        }

        void IRunObserver.CheckpointSaved(long step)
        {
            console?.CheckpointSaved(step);
            other?.CheckpointSaved(step);
        }

        void IRunObserver.Warned(string message)
        {
            console?.Warned(message);
            other?.Warned(message);
        }

        void IRunObserver.Told(RunNews news)
        {
            console?.Told(news);
            other?.Told(news);
        }
    }
}

using Involute.Actors.Cluster;
using Involute.Actors.Local;
using Involute.Runs.Configuration;
using Involute.Host.Running;
using Involute.Runs.Folders;
using Involute.Runs;

namespace Involute.Host.Cluster;

/// <summary><c>--workers N</c>: this process leads, N others of this machine compute.</summary>
internal sealed class WorkersStart(int workers, RunFolder folder, RunConfiguration configuration) : IRunStart
{
    private static readonly ClusterArguments Local = new(new Endpoint("127.0.0.1", 0), [], null);

    /// <summary>What <c>--workers</c> asks for.</summary>
    public static IRunStart Of(int workers, RunFolder folder, RunConfiguration configuration) =>
        workers == 0 ? new InThisProcess() : new WorkersStart(workers, folder, configuration);

    /// <inheritdoc/>
    public async Task<ITrainingRun> StartAsync(RunOptions options, RunRecorder recorder)
    {
        // Where the last run's workers were is nobody's place now.
        File.Delete(folder.Nodes);
        var address = default(Endpoint);
        var start = new ClusterStart(
            folder, configuration.ToHocon(), Local, isStandby: false, listening => address = listening);
        var run = await start.StartAsync(options, recorder);
        var plugin = configuration.PluginFolder;
        var threads = Math.Max(1, options.Threads / workers);
        return new RunWithWorkers(run, LocalWorkers.Start(workers, threads, address, plugin, recorder.Warned));
    }

    private sealed class RunWithWorkers : ITrainingRun
    {
        private readonly ITrainingRun _run;
        private readonly LocalWorkers _workers;

        public RunWithWorkers(ITrainingRun run, LocalWorkers workers)
        {
            _run = run;
            _workers = workers;
            Completion = CompleteAsync();
        }

        public Task<RunOutcome> Completion { get; }

        public void RequestStop() => _run.RequestStop();

        public async ValueTask DisposeAsync()
        {
            try
            {
                await _workers.DisposeAsync();
            }
            finally
            {
                await _run.DisposeAsync();
            }
        }

        private async Task<RunOutcome> CompleteAsync()
        {
            if (await Task.WhenAny(_run.Completion, _workers.Hopeless) == _workers.Hopeless)
            {
                _run.RequestStop();
                var outcome = await _run.Completion;
                return outcome with { Status = RunStatus.Failed, Message = await _workers.Hopeless };
            }

            return await _run.Completion;
        }
    }
}

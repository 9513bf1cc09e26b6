namespace Involute.Faults;

/// <summary>A learner and some workers of one thread each, all started again when they die.</summary>
internal sealed class SmallCluster : IAsyncDisposable
{
    private readonly Lab _lab;
    private readonly string _run;

    private SmallCluster(Lab lab, string run, SupervisedProcess learner, IReadOnlyList<SupervisedProcess> workers)
    {
        _lab = lab;
        _run = run;
        Learner = learner;
        Workers = workers;
    }

    public SupervisedProcess Learner { get; }

    public IReadOnlyList<SupervisedProcess> Workers { get; }

    /// <summary>Begins a run.</summary>
    public static SmallCluster Start(Lab lab, string run, int workers)
    {
        var address = Ports.Free();
        var learner = lab.Start(run, lab.Learner(run, "--listen", address));
        return new SmallCluster(lab, run, learner, StartWorkers(lab, run, workers, address));
    }

    /// <summary>Starts workers for whoever leads at one of the addresses.</summary>
    public static IReadOnlyList<SupervisedProcess> StartWorkers(Lab lab, string run, int workers, string addresses) =>
        [.. Enumerable.Range(1, workers).Select(number => lab.StartWorker($"{run}-worker-{number}", addresses))];

    /// <summary>Waits until the run has done so many steps, or has ended; returns how long it took.</summary>
    public Task<TimeSpan> UntilStepAsync(long step) => _lab.UntilStepAsync(_run, step, Learner.End);

    /// <summary>Waits until the run is done.</summary>
    public async Task UntilDoneAsync() =>
        Lab.Require(await Lab.UntilEndAsync(Learner) == 0, "the learner did not end with 0");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Workers.Append(Learner))
        {
            await process.DisposeAsync();
        }
    }
}

namespace Involute.Faults;

/// <summary>A learner and some workers of one thread each, all started again when they die.</summary>
internal sealed class SmallCluster : IAsyncDisposable
{
    private readonly Lab _lab;
    private readonly string _run;

    private SmallCluster(
        Lab lab, string run, string address, SupervisedProcess learner, IReadOnlyList<SupervisedProcess> workers)
    {
        _lab = lab;
        _run = run;
        Address = address;
        Learner = learner;
        Workers = workers;
    }

    /// <summary>Where the learner listens.</summary>
    public string Address { get; }

    public SupervisedProcess Learner { get; }

    public IReadOnlyList<SupervisedProcess> Workers { get; }

    /// <summary>Begins a run.</summary>
    public static SmallCluster Start(Lab lab, string run, int workers, params string[] workerArguments)
    {
        var address = Ports.Free();
        var learner = lab.Start(run, lab.Learner(run, [], "--listen", address));
        return new SmallCluster(lab, run, address, learner, StartWorkers(lab, run, workers, address, workerArguments));
    }

    /// <summary>Starts workers for the learner that leads at one of the addresses.</summary>
    public static IReadOnlyList<SupervisedProcess> StartWorkers(
        Lab lab, string run, int workers, string addresses, params string[] arguments) =>
        [.. Enumerable.Range(1, workers).Select(
            number => lab.StartWorker($"{run}-worker-{number}", addresses, arguments))];

    /// <summary>Waits until the run has done so many steps, or has ended; returns how long it took.</summary>
    public Task<TimeSpan> UntilStepAsync(long step) => _lab.UntilStepAsync(_run, step, Learner.End);

    /// <summary>Waits until all workers, or so many members, are there.</summary>
    public Task<TimeSpan> UntilMembersAsync(int? members = null) =>
        _lab.UntilMembersAsync(_run, members ?? (Workers.Count + 1), Learner.End);

    /// <summary>Waits until the run is done.</summary>
    public async Task UntilDoneAsync() =>
        Lab.Require(await _lab.UntilEndAsync(Learner) == 0, "the learner did not end with 0");

    /// <summary>Stops the run where it is.</summary>
    public Task StopAsync() => _lab.StopAsync(_run, Learner);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Workers.Append(Learner))
        {
            await process.DisposeAsync();
        }
    }
}

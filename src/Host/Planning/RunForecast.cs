using System.Text.Json;
using Involute.Estimators.Plans;
using Involute.Host.Reporting;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;

namespace Involute.Host.Planning;

/// <summary>What a run will need and how long it will take, before it begins.</summary>
/// <param name="OuterSteps">Outer steps of the whole run.</param>
/// <param name="Pairs">Pairs of arms.</param>
/// <param name="PairActors">Pair actors: blocks of pairs.</param>
/// <param name="ThetaNumbers">Length of theta.</param>
/// <param name="StateBytes">Bytes of the states of all pairs.</param>
/// <param name="MemoryBytes">Memory of the process of <c>train</c>, about.</param>
/// <param name="CheckpointMemoryBytes">The same while a checkpoint is written, at most.</param>
/// <param name="WorkerMemoryBytes">Memory of one of <paramref name="Workers"/> workers, about.</param>
/// <param name="Workers">Worker processes that the numbers for the wire and the workers are for.</param>
/// <param name="CheckpointBytes">Bytes of a checkpoint; the newest two are kept.</param>
/// <param name="CheckpointSeconds">Time between two checkpoints, about.</param>
/// <param name="CheckpointBytesPerDay">Bytes of checkpoints that are written in a day.</param>
/// <param name="WireBytesPerStep">Bytes between learner and workers in one outer step without a checkpoint.</param>
/// <param name="LedgerBytes">Bytes of the ledger at the end.</param>
/// <param name="TableBytes">Bytes of metrics.csv and pairs.csv at the end, about.</param>
/// <param name="FirstStepSeconds">Time to the end of the first outer step, about.</param>
/// <param name="OuterStepsPerSecond">Outer steps per second on this machine, as measured.</param>
/// <param name="InnerStepsPerSecond">Inner training steps per second, as measured.</param>
/// <param name="WholeRunSeconds">Time of the whole run on this machine.</param>
/// <param name="KeptThetas">Thetas that are kept beside the checkpoints, at the end.</param>
/// <param name="KeptThetaBytes">Bytes of these.</param>
/// <remarks>Names and order of the JSON properties are a promise to scripts.</remarks>
internal sealed record RunForecast(
    long OuterSteps,
    int Pairs,
    int PairActors,
    int ThetaNumbers,
    long StateBytes,
    long MemoryBytes,
    long CheckpointMemoryBytes,
    long WorkerMemoryBytes,
    int Workers,
    long CheckpointBytes,
    double CheckpointSeconds,
    double CheckpointBytesPerDay,
    long WireBytesPerStep,
    long LedgerBytes,
    long TableBytes,
    double FirstStepSeconds,
    double OuterStepsPerSecond,
    double InnerStepsPerSecond,
    double WholeRunSeconds,
    long KeptThetas,
    long KeptThetaBytes)
{
    /// <summary>What computes the windows here: <c>none</c> for the processor, or a device's name and what it is.</summary>
    public string Device { get; init; } = "none";

    // Rows as they are on disk, with their index: measured on runs of 1,000 and 3,000 steps.
    private const long LedgerBytesPerStep = 244;
    private const long EmptyLedgerBytes = 32 << 10;
    private const long BytesPerMetric = 12;
    private const long BytesPerPairRow = 38;

    // Fields of a contribution and of a report, as they are written.
    private const long ContributionBytes = 64;
    private const long ReportBytes = 36;

    // Of small states, copies while a checkpoint is written: attached to the answers, and in the cut before. Of large ones,
    // those that are on their way to the store, what is collected of them from time to time, and a part in several hands.
    private const int SmallStatesInCheckpoint = 2;
    private const int LargeStatesShare = 40;
    private const long LargeStatesSlack = 128L << 20;

    // Actors, database and evaluation, which planning does not load: measured on the main job.
    private const long RestOfProgramBytes = 95 << 20;

    // What a disk takes at least, for the time that a checkpoint takes.
    private const double DiskBytesPerSecond = 100e6;
    private const double SecondsPerDay = 86_400;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The forecast of a run.</summary>
    /// <param name="configuration">Its settings.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="sizes">What it keeps and writes.</param>
    /// <param name="pace">As measured.</param>
    /// <param name="start">Time that reading data and making the plan took.</param>
    /// <param name="processBytes">Memory of this process after measuring.</param>
    /// <param name="workers">Worker processes; 0 for none.</param>
    public static RunForecast Of(
        RunConfiguration configuration, TrainingPlan<float> plan, RunSizes sizes, MeasuredPace pace, TimeSpan start,
        long processBytes, int workers)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentNullException.ThrowIfNull(pace);
        var steps = (double)configuration.OuterSteps;
        var seconds = CheckpointPause(configuration, sizes, pace);
        var kept = configuration.OuterSteps / Runs.Opening.KeptThetas.Every(configuration, plan.ThetaLength);
        var (learner, worker) = Memory(sizes, processBytes, configuration.ComputeThreads(), workers);
        return new RunForecast(
            configuration.OuterSteps,
            plan.Pairs,
            sizes.Blocks,
            plan.ThetaLength,
            sizes.StateBytes,
            learner,
            learner + InCheckpoint(sizes),
            worker,
            workers,
            sizes.CheckpointBytes,
            seconds,
            sizes.CheckpointBytes * SecondsPerDay / seconds,
            workers == 0 ? 0 : WireBytes(plan, sizes, workers),
            EmptyLedgerBytes + (configuration.OuterSteps * LedgerBytesPerStep),
            TablesOf(configuration, plan),
            (start + pace.FirstStep).TotalSeconds,
            pace.OuterStepsPerSecond,
            pace.InnerStepsPerSecond,
            start.TotalSeconds + (steps / pace.OuterStepsPerSecond),
            kept,
            kept * sizes.ThetaBytes);
    }

    /// <summary>One JSON object on one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    private static double CheckpointPause(RunConfiguration configuration, RunSizes sizes, MeasuredPace pace) =>
        configuration.CheckpointInterval is { } interval
            ? interval / pace.OuterStepsPerSecond
            : Math.Max(
                Actors.Learning.CheckpointPace.PauseFor(
                    TimeSpan.FromSeconds(sizes.CheckpointBytes / DiskBytesPerSecond)).TotalSeconds,
                1 / pace.OuterStepsPerSecond);

    private static bool AreLarge(RunSizes sizes) =>
        sizes.StateBytes > Actors.Learning.LearnerSettings.UsualStateBytesInMemory;

    private static long InCheckpoint(RunSizes sizes) => AreLarge(sizes)
        ? Math.Max(sizes.StateBytes / LargeStatesShare, 2 * sizes.LargestBlockBytes) + LargeStatesSlack
        : SmallStatesInCheckpoint * sizes.StateBytes;

    // This process holds the pairs that it has measured; the states of the last cut too, unless they are large.
    private static (long Learner, long Worker) Memory(RunSizes sizes, long process, int threads, int workers)
    {
        process += RestOfProgramBytes;
        var missing = Math.Max(0, sizes.Blocks - threads) * (sizes.StateBytes / sizes.Blocks);
        var cut = AreLarge(sizes) ? 0 : sizes.StateBytes;
        return workers == 0
            ? (process + missing + cut, 0)
            : (process + cut, process + (sizes.StateBytes / workers));
    }

    private static long WireBytes(TrainingPlan<float> plan, RunSizes sizes, int workers) =>
        (workers * (sizes.ThetaBytes + ContributionBytes))
        + (sizes.Blocks * (sizes.ThetaBytes + ContributionBytes))
        + (plan.Pairs * ReportBytes);

    private static long TablesOf(RunConfiguration configuration, TrainingPlan<float> plan)
    {
        var rows = RowRule.Count(configuration.OuterSteps);
        var columns = MetricsCsv.Columns(plan.Problem.Layout).Count;
        return (rows * columns * BytesPerMetric)
            + (rows * Math.Min(plan.Pairs, PairsCsv.Pairs) * BytesPerPairRow);
    }
}

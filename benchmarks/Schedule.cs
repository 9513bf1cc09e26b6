#:project ../src/Estimators/Estimators.csproj

// Second half of benchmarks/schedule.
using System.Diagnostics;
using System.Globalization;
using Involute.Estimators.Estimation;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;

int[] threadCounts = [2, 4, 8, 16];
const int Window = 50;
const int Steps = 200;
const int FewPairs = 16;
const int ManyPairs = 256;
var numbers = args.Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
var windows = MeasureWindows(numbers[0]);
Array.Sort(windows);
double Quantile(double share) => windows[(int)(share * (windows.Length - 1))] * 1e3;

// All that a pair costs beside its window counts as the learner's, though some of it is done by the threads: more than it is.
var perPair = Math.Max(0, (numbers[2] - numbers[1]) / (ManyPairs - FewPairs));
var perStep = Math.Max(0, numbers[1] - (FewPairs * perPair));
Print($"{windows.Length} windows of {Window} steps: median {Quantile(0.5):f2} ms, tenth {Quantile(0.1):f2}, nine tenths {Quantile(0.9):f2}");
Print($"an outer step beside its windows: {perStep * 1e6:f0} us, and {perPair * 1e6:f1} us for each pair");
Print($"of an outer step of 16 pairs on one thread: {(perStep + (FewPairs * perPair)) / Duration(FewPairs, 1):p1}");
foreach (var pairs in new[] { 16, 64, 256 })
{
    var alone = Duration(pairs, 1);
    Print($"{pairs,4} pairs, times as fast as one thread: {string.Join(", ", threadCounts.Select(Gain))}");

    string Gain(int threads) => FormattableString.Invariant($"{threads} threads {alone / Duration(pairs, threads):f2}");
}

void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

// Seconds of an outer step on average. A free thread takes the next pair; the learner takes contributions one by one as they come,
// and makes the step when all are there.
double Duration(int pairs, int threads)
{
    var draw = new CounterStream(1, 0, 0, 0, RandomStream.InnerNoise);
    var drawn = 0u;
    var total = 0.0;
    for (var step = 0; step < Steps; step++)
    {
        var free = new PriorityQueue<int, double>(Enumerable.Range(0, threads).Select(thread => (thread, 0.0)));
        var arrivals = new List<double>();
        for (var pair = 0; pair < pairs; pair++)
        {
            free.TryDequeue(out var thread, out var at);
            var end = at + windows[draw.Integer(drawn++, windows.Length)];
            free.Enqueue(thread, end);
            arrivals.Add(end);
        }

        var learner = 0.0;
        foreach (var arrival in arrivals.Order())
        {
            learner = Math.Max(learner, arrival) + perPair;
        }

        total += learner + perStep;
    }

    return total / Steps;
}

static double[] MeasureWindows(double seconds)
{
    var problem = new OptimizedTask(ImageMlp.FashionMnist8Relu32(), new LearnableAdam());
    var plan = TrainingPlan.Create(
        problem, new PersistentES<float>(), new LogUniformSchedule(100, 10_000), FewPairs, Window, StationaryStart.Offset);
    PairState<float>[] pairs = [.. Enumerable.Range(0, FewPairs).Select(pair => new PairState<float>(plan, new PairBlock(pair, 1)))];
    var slot = new ComputeSlot<float>();
    var theta = Theta<float>.Initial(problem, plan.Windows.Seed);
    var times = new List<double>();
    var begun = Stopwatch.GetTimestamp();
    while (Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds)
    {
        foreach (var pair in pairs)
        {
            var before = Stopwatch.GetTimestamp();
            pair.RunWindow(theta, slot);
            times.Add(Stopwatch.GetElapsedTime(before).TotalSeconds);
        }

        theta = new Theta<float>(theta.Version.Next, theta.Values);
    }

    Array.ForEach(pairs, pair => pair.Dispose());

    // The first third is the compiler's.
    return [.. times.Skip(times.Count / 3)];
}

// 1. Truncation schedules
//
//   dotnet run samples/notebooks/1-truncation-schedules.cs

#:project ../../src/Estimators/Estimators.csproj
#:property PublishAot=false

using Involute.Estimators.Pairs;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;

// A schedule decides how many inner steps a trajectory trains: its horizon. A pair counts the steps with a cursor. With
// a constant schedule of 10, exactly ten steps are trained: the trajectory is over after the tenth. Training would
// begin a new trajectory then; this loop goes on counting.

var schedule = new ConstantSchedule(10);
var cursor = TruncationCursor.Initial(seed: 0, pair: 0, offset: 0, schedule);
Console.WriteLine("steps  done");
for (var step = 0; step < 12; step++, cursor = cursor.Advance(1))
    Console.WriteLine($"{step,5}  {cursor.AtHorizon}");

// Horizons may be drawn. Log-uniform ones are as often between 100 and 316 as between 316 and 1000. A horizon follows
// from its key (seed, pair, trajectory) alone, so it is the same in every run.

var drawn = new LogUniformSchedule(min: 100, max: 1000);
Console.WriteLine($"mean horizon {drawn.MeanHorizon:0.0000}");
for (var pair = 0; pair < 4; pair++)
{
    var horizons = Enumerable.Range(0, 6).Select(i => drawn.Horizon(new TrajectoryKey(Seed: 0, pair, (uint)i)));
    Console.WriteLine($"pair {pair}: {string.Join(' ', horizons)}");
}

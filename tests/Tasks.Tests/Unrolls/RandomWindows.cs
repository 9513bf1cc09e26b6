using System.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Tests.Unrolls;

/// <summary>Windows as schedules make them, and some that they do not make: thetas that diverge, pairs that rest.</summary>
/// <param name="initial">Theta.</param>
/// <param name="pairs">Number of pairs.</param>
/// <param name="arms">Lanes of each.</param>
/// <param name="seed">Which windows.</param>
/// <param name="spread">How far a theta may be that is to diverge.</param>
internal sealed class RandomWindows<T>(T[] initial, int pairs, int arms, int seed, double spread)
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly (uint Trajectory, int Age)[] _places = new (uint, int)[pairs];
    private readonly CounterStream _numbers = new(seed, 0, 0, 0, RandomStream.InnerNoise);
    private uint _drawn;

    public T[] Thetas { get; private set; } = [];

    public int Losses { get; private set; }

    /// <summary>Steps of the longest segments, of which there are few; the others have at most 20.</summary>
    public int LongestSegment { get; init; } = 150;

    /// <summary>Whether some losses are measured after their updates.</summary>
    public bool AfterUpdates { get; set; } = true;

    public Trajectory Begin(int pair)
    {
        _places[pair] = (_places[pair].Trajectory + 1, 0);
        return new Trajectory(Key(pair), 1000);
    }

    public WindowSegment[] Next()
    {
        var rounds = 1 + Draw(3);
        var segments = new List<WindowSegment>();
        Losses = 0;
        for (var round = 0; round < rounds; round++)
        {
            for (var pair = 0; pair < pairs; pair++)
            {
                if (Draw(6) > 0)
                {
                    segments.Add(Segment(pair, (round * pairs) + pair));
                }
            }
        }

        Thetas = new T[rounds * pairs * arms * initial.Length];
        for (var i = 0; i < Thetas.Length; i++)
        {
            var size = Draw(40) == 0 ? spread : 0.3;
            Thetas[i] = T.CreateChecked(double.CreateChecked(initial[i % initial.Length]) + (size * _numbers.Normal(_drawn++)));
        }

        return [.. segments];
    }

    private int Draw(int limit) => _numbers.Integer(_drawn++, limit);

    private WindowSegment Segment(int pair, int row)
    {
        Trajectory? begins = _places[pair].Trajectory == 0 || Draw(3) == 0 ? Begin(pair) : null;
        var steps = 1 + _numbers.Integer(_drawn++, Draw(4) == 0 ? LongestSegment : Math.Min(LongestSegment, 20));
        var time = Draw(4) switch
        {
            0 => LossTime.SameBatchAfterUpdate,
            1 => LossTime.OnSplitAfterUpdate(DataSplit.OuterValid),
            _ => LossTime.BeforeUpdate,
        };
        time = AfterUpdates ? time : LossTime.BeforeUpdate;
        var segment = new Segment(pair, Key(pair), _places[pair].Age, steps, time, Losses);
        _places[pair].Age += steps;

        // A gap behind each segment.
        Losses += (steps * arms) + 1;
        return new WindowSegment(segment, begins, row);
    }

    private TrajectoryKey Key(int pair) => new(seed, pair, _places[pair].Trajectory);
}

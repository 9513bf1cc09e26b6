using System.Runtime.InteropServices;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>What is known of a segment before it runs, and is needed to record its losses.</summary>
/// <param name="Index">Which segment of its pair's window it is.</param>
/// <param name="FirstCounted">The first of its steps that counts; see <see cref="PairWindow.Plan"/>.</param>
/// <param name="Weight">How much a step counts.</param>
/// <param name="Ends">Whether its trajectory ends with it.</param>
internal readonly record struct PlannedSegment(int Index, int FirstCounted, double Weight, bool Ends);

/// <summary>
/// What one call of an unroll takes: segments of a block's pairs, round by round (in each round one of each pair with
/// steps left), and the perturbations that they run under. All of it follows from schedules alone, before any step has
/// run.
/// </summary>
/// <remarks>
/// The first perturbation of a pair stands in row <c>pair</c> of the thetas, which lasts from call to call of a window;
/// later ones of the same call stand behind those of all pairs.
/// </remarks>
internal sealed class UnrollCall
{
    private readonly List<WindowSegment> _segments = [];
    private readonly List<PlannedSegment> _plans = [];
    private readonly List<(int Row, NoiseKey Noise)> _perturbations = [];
    private readonly List<(int Pair, Trajectory Trajectory, int Row)> _lastResets = [];
    private bool[] _isUsed = [];

    /// <summary>The segments, as the unroll gets them.</summary>
    public ReadOnlySpan<WindowSegment> Segments => CollectionsMarshal.AsSpan(_segments);

    /// <summary>For each of <see cref="Segments"/>.</summary>
    public ReadOnlySpan<PlannedSegment> Plans => CollectionsMarshal.AsSpan(_plans);

    /// <summary>Rows of thetas that are to be written before the call.</summary>
    public IReadOnlyList<(int Row, NoiseKey Noise)> Perturbations => _perturbations;

    /// <summary>Resets that no step of this window follows.</summary>
    public IReadOnlyList<(int Pair, Trajectory Trajectory, int Row)> LastResets => _lastResets;

    /// <summary>Rows of thetas.</summary>
    public int Rows { get; private set; }

    /// <summary>Numbers of losses.</summary>
    public int Losses { get; private set; }

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => _segments.Count == 0 && _lastResets.Count == 0;

    /// <summary>Begins the next call for as many pairs.</summary>
    public void Begin(int pairs)
    {
        _segments.Clear();
        _plans.Clear();
        _perturbations.Clear();
        _lastResets.Clear();
        if (_isUsed.Length < pairs)
        {
            _isUsed = new bool[pairs];
        }

        _isUsed.AsSpan(0, pairs).Clear();
        Rows = pairs;
        Losses = 0;
    }

    /// <summary>A pair goes on under another perturbation.</summary>
    /// <returns>Its row of the thetas.</returns>
    public int Perturb(int pair, NoiseKey noise)
    {
        var row = _isUsed[pair] ? Rows++ : pair;
        _perturbations.Add((row, noise));
        return row;
    }

    /// <summary>Adds a segment.</summary>
    /// <param name="segment">Its <see cref="Segment.LossOffset"/> is set here.</param>
    /// <param name="begins">The trajectory that it begins, if it does.</param>
    /// <param name="row">What it runs under.</param>
    /// <param name="lanes">Lanes of a pair.</param>
    /// <param name="plan">What is needed to record it.</param>
    public void Add(Segment segment, Trajectory? begins, int row, int lanes, PlannedSegment plan)
    {
        _segments.Add(new WindowSegment(segment with { LossOffset = Losses }, begins, row));
        _plans.Add(plan);
        _isUsed[segment.Pair] = true;
        Losses += segment.Steps * lanes;
    }

    /// <summary>Adds a reset that no step follows.</summary>
    public void AddReset(int pair, Trajectory trajectory, int row) => _lastResets.Add((pair, trajectory, row));
}

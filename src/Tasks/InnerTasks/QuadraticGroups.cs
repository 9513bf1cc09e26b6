using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;

namespace Involute.Tasks.InnerTasks;

/// <summary>The memory of <see cref="QuadraticUnroll{TRule}"/>: groups of eight lanes, each a structure of arrays.</summary>
/// <remarks>
/// A group has as many whole pairs as fit. Of a pair it knows whether it holds the pair's lanes, and the trajectory whose
/// centre it holds.
/// </remarks>
internal sealed unsafe class QuadraticGroups<TRule> : IDisposable
    where TRule : struct, IPackedRule<TRule>
{
    private const int Width = PackedLanes.Count;

    private readonly int _arms;
    private readonly int _elements;
    private readonly int _padded;
    private readonly int _length;
    private readonly AlignedBuffer _floats;
    private readonly bool[] _isHere;
    private readonly TrajectoryKey?[]? _centres;
    private readonly float[] _numbers;

    /// <summary>Groups for all lanes of some pairs, zeroed.</summary>
    /// <param name="pairs">Number of pairs.</param>
    /// <param name="arms">Lanes of each.</param>
    /// <param name="elements">Inner parameters.</param>
    /// <param name="padded">Floats of a slot in a lane as <see cref="OptimizedUnroll"/> knows it.</param>
    /// <param name="drawsCentre">Whether each trajectory draws a centre.</param>
    public QuadraticGroups(int pairs, int arms, int elements, int padded, bool drawsCentre)
    {
        (_arms, _elements, _padded) = (arms, elements, padded);
        PairsPerGroup = Width / arms;
        Count = (pairs + PairsPerGroup - 1) / PairsPerGroup;
        var (head, element) = (QuadraticKernel<TRule>.HeadLength, QuadraticKernel<TRule>.ElementLength);
        _length = AlignedBuffer.Padded(head + ((elements + 1) * element));
        _floats = new AlignedBuffer(checked(Count * _length));
        _isHere = new bool[pairs];
        _centres = drawsCentre ? new TrajectoryKey?[pairs] : null;
        _numbers = new float[Math.Max(elements, TRule.Constants)];
    }

    /// <summary>Pairs of a group; the last may have fewer.</summary>
    public int PairsPerGroup { get; }

    /// <summary>Number of groups.</summary>
    public int Count { get; }

    /// <summary>The first float of a group.</summary>
    public float* Pointer(int group) => _floats.Pointer + (group * _length);

    /// <summary>A pair's lanes are wanted here.</summary>
    /// <returns>Whether they are to be read.</returns>
    public bool Enter(int pair) => !_isHere[pair] && (_isHere[pair] = true);

    /// <summary>A pair's lanes are wanted elsewhere.</summary>
    /// <returns>Whether they are to be written.</returns>
    public bool Leave(int pair) => _isHere[pair] && !(_isHere[pair] = false);

    /// <summary>Starts a trajectory in all arms of a pair.</summary>
    public void Begin(int pair, IInnerTask task, TrajectoryKey trajectory)
    {
        _isHere[pair] = true;
        var initial = _numbers.AsSpan(0, _elements);
        initial.Clear();
        task.Initialise(trajectory, initial);
        for (var arm = 0; arm < _arms; arm++)
        {
            for (var i = 0; i < TRule.Scalars; i++)
            {
                *Scalar(pair, arm, i) = 0;
            }

            var at = Element(pair, arm);
            for (var i = 0; i <= _elements; i++, at += QuadraticKernel<TRule>.ElementLength)
            {
                at[0] = i < _elements ? initial[i] : 0;
                for (var slot = 0; slot < TRule.Slots; slot++)
                {
                    at[(2 + slot) * Width] = 0;
                }
            }
        }
    }

    /// <summary>Draws the centre of a trajectory, unless it is here.</summary>
    public void Centre(int pair, TrajectoryKey trajectory)
    {
        if (_centres is null || _centres[pair] == trajectory)
        {
            return;
        }

        var centre = _numbers.AsSpan(0, _elements);
        QuadraticBatch.FillCentre(trajectory, centre);
        _centres[pair] = trajectory;
        for (var arm = 0; arm < _arms; arm++)
        {
            var at = Element(pair, arm) + Width;
            for (var i = 0; i < _elements; i++, at += QuadraticKernel<TRule>.ElementLength)
            {
                *at = centre[i];
            }
        }
    }

    /// <summary>Works out what a lane's update takes from theta.</summary>
    public void Prepare(int pair, int arm, ReadOnlySpan<float> theta)
    {
        TRule.Prepare(theta, _numbers);
        for (var i = 0; i < TRule.Constants; i++)
        {
            Lane(pair, arm)[i * Width] = _numbers[i];
        }
    }

    /// <summary>Reads a lane: padded parameters, padded slots, scalars.</summary>
    public void Read(int pair, int arm, ReadOnlySpan<float> lane)
    {
        for (var i = 0; i < TRule.Scalars; i++)
        {
            *Scalar(pair, arm, i) = lane[((1 + TRule.Slots) * _padded) + i];
        }

        // What stands in the first place of the padding stands in all.
        var at = Element(pair, arm);
        for (var i = 0; i < Math.Min(_elements + 1, _padded); i++, at += QuadraticKernel<TRule>.ElementLength)
        {
            at[0] = lane[i];
            for (var slot = 0; slot < TRule.Slots; slot++)
            {
                at[(2 + slot) * Width] = lane[((1 + slot) * _padded) + i];
            }
        }
    }

    /// <summary>Writes a lane.</summary>
    public void Write(int pair, int arm, Span<float> lane)
    {
        for (var i = 0; i < TRule.Scalars; i++)
        {
            lane[((1 + TRule.Slots) * _padded) + i] = *Scalar(pair, arm, i);
        }

        var at = Element(pair, arm);
        for (var i = 0; i < _padded; i++, at += i <= _elements ? QuadraticKernel<TRule>.ElementLength : 0)
        {
            lane[i] = at[0];
            for (var slot = 0; slot < TRule.Slots; slot++)
            {
                lane[((1 + slot) * _padded) + i] = at[(2 + slot) * Width];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _floats.Dispose();

    private float* Lane(int pair, int arm) =>
        Pointer(pair / PairsPerGroup) + (pair % PairsPerGroup * _arms) + arm;

    private float* Scalar(int pair, int arm, int index) => Lane(pair, arm) + ((TRule.Constants + index) * Width);

    private float* Element(int pair, int arm) => Lane(pair, arm) + QuadraticKernel<TRule>.HeadLength;
}

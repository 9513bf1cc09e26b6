using System.Buffers.Binary;
using Involute.Processes.Frames;

namespace Involute.Processes.Problems;

/// <summary>States of all lanes of some pairs: bytes that only the child understands.</summary>
/// <remarks>
/// Equal states are equal bytes: behind a shorter state, and in a lane that has diverged, stand zeros. A pair is saved lane by
/// lane, as one byte (1 if the lane has diverged), its length as u32 where states vary, and its state.
/// </remarks>
internal sealed class LaneStates
{
    private readonly int _arms;
    private readonly int _stateBytes;
    private readonly bool _varies;
    private readonly byte[][] _states;
    private readonly int[] _lengths;
    private readonly bool[] _frozen;

    /// <summary>States of zeros.</summary>
    /// <exception cref="OverflowException">A pair's would be longer than an array can be.</exception>
    public LaneStates(ChildGreeting greeting, int pairs, int arms)
    {
        ArgumentNullException.ThrowIfNull(greeting);
        (_arms, _stateBytes, _varies) = (arms, greeting.StateBytes, greeting.StateVaries);
        BytesPerPair = checked(arms * LaneBytes);
        _states = new byte[pairs][];
        for (var pair = 0; pair < pairs; pair++)
        {
            _states[pair] = new byte[arms * _stateBytes];
        }

        _lengths = new int[pairs * arms];
        _frozen = new bool[pairs * arms];
        if (!_varies)
        {
            Array.Fill(_lengths, _stateBytes);
        }
    }

    /// <summary>Bytes of a saved pair.</summary>
    public int BytesPerPair { get; }

    private int Preface => _varies ? 1 + sizeof(uint) : 1;

    private int LaneBytes => checked(Preface + _stateBytes);

    /// <summary>Whether a lane has diverged.</summary>
    public bool IsFrozen(int pair, int arm) => _frozen[(pair * _arms) + arm];

    /// <summary>A lane's state.</summary>
    public ReadOnlySpan<byte> this[int pair, int arm] => Whole(pair, arm)[..Length(pair, arm)];

    /// <summary>A lane goes on.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="arm">Index of its arm.</param>
    /// <param name="state">Its new state, not longer than states may be.</param>
    public void Set(int pair, int arm, ReadOnlySpan<byte> state)
    {
        var whole = Whole(pair, arm);
        state.CopyTo(whole);
        whole[state.Length..].Clear();
        Length(pair, arm) = state.Length;
        _frozen[(pair * _arms) + arm] = false;
    }

    /// <summary>A lane has diverged: it has no state until its next trajectory.</summary>
    public void Freeze(int pair, int arm)
    {
        Whole(pair, arm).Clear();
        Length(pair, arm) = _varies ? 0 : _stateBytes;
        _frozen[(pair * _arms) + arm] = true;
    }

    /// <summary>One lane becomes like another of its pair.</summary>
    public void Copy(int pair, int from, int to)
    {
        Whole(pair, from).CopyTo(Whole(pair, to));
        Length(pair, to) = Length(pair, from);
        _frozen[(pair * _arms) + to] = _frozen[(pair * _arms) + from];
    }

    /// <summary>Writes a pair.</summary>
    public void Save(int pair, Span<byte> destination)
    {
        for (var arm = 0; arm < _arms; arm++)
        {
            var lane = destination.Slice(arm * LaneBytes, LaneBytes);
            lane[0] = IsFrozen(pair, arm) ? (byte)1 : (byte)0;
            if (_varies)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(lane[1..], (uint)Length(pair, arm));
            }

            Whole(pair, arm).CopyTo(lane[Preface..]);
        }
    }

    /// <summary>Restores what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is no such thing.</exception>
    public void Load(int pair, ReadOnlySpan<byte> source)
    {
        for (var arm = 0; arm < _arms; arm++)
        {
            var lane = source.Slice(arm * LaneBytes, LaneBytes);
            var length = _varies ? BinaryPrimitives.ReadUInt32LittleEndian(lane[1..]) : (uint)_stateBytes;
            if (lane[0] > 1 || length > _stateBytes)
            {
                throw new InvalidDataException(
                    $"a lane's state has {length} bytes and the mark {lane[0]}; allowed: {_stateBytes} bytes, and 0 or 1");
            }

            Set(pair, arm, lane.Slice(Preface, (int)length));
            _frozen[(pair * _arms) + arm] = lane[0] == 1;
        }
    }

    private Span<byte> Whole(int pair, int arm) => _states[pair].AsSpan(arm * _stateBytes, _stateBytes);

    private ref int Length(int pair, int arm) => ref _lengths[(pair * _arms) + arm];
}

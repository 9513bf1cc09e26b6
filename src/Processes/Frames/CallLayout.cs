namespace Involute.Processes.Frames;

/// <summary>Where the parts of a call's payloads stand, in bytes.</summary>
/// <param name="theta">Numbers of theta.</param>
/// <param name="stateBytes">Bytes of a lane's state, at most.</param>
/// <param name="stateVaries">Whether a state may have fewer.</param>
internal sealed class CallLayout(int theta, int stateBytes, bool stateVaries)
{
    /// <summary>Bytes before the lanes.</summary>
    public const int Preface = 24;

    /// <summary>Bytes that name one lane.</summary>
    public const int LaneSize = 32;

    private const int LengthSize = sizeof(uint);

    /// <summary>Bytes of a state, at most.</summary>
    public int StateBytes => stateBytes;

    /// <summary>From one state to the next.</summary>
    public int StateStride { get; } = checked((int)Padded(stateBytes));

    /// <summary>Whether payloads have the lengths of states.</summary>
    public bool HasLengths => stateVaries;

    /// <summary>Bytes of a request, for one lane more, at most.</summary>
    public long BytesOfLane { get; } = LaneSize + (sizeof(float) * (long)theta) + LengthSize + Padded(stateBytes);

    /// <summary>Where the thetas of a request of so many lanes begin.</summary>
    public static int Thetas(int lanes) => checked(Preface + (LaneSize * lanes));

    /// <summary>Where the lengths of a request's states begin.</summary>
    public int Lengths(int lanes) => checked((int)(Thetas(lanes) + Padded(sizeof(float) * (long)theta * lanes)));

    /// <summary>Where the states of a request begin.</summary>
    public int States(int lanes) => checked((int)(Lengths(lanes) + LengthBytes(lanes)));

    /// <summary>Bytes of a request.</summary>
    public int Request(int lanes) => checked((int)(States(lanes) + ((long)StateStride * lanes)));

    /// <summary>Where the lengths of an answer's states begin.</summary>
    /// <param name="steps">Losses, of all lanes.</param>
    public static int AnswerLengths(long steps) => checked((int)(sizeof(double) * steps));

    /// <summary>Where the states of an answer begin.</summary>
    public int AnswerStates(long steps, int lanes) => checked((int)(AnswerLengths(steps) + LengthBytes(lanes)));

    /// <summary>Bytes of an answer.</summary>
    public int Answer(long steps, int lanes) => checked((int)(AnswerStates(steps, lanes) + ((long)StateStride * lanes)));

    private long LengthBytes(int lanes) => stateVaries ? Padded(LengthSize * (long)lanes) : 0;

    private static long Padded(long bytes) => (bytes + 7) & ~7L;
}

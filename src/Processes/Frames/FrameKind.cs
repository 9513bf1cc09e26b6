namespace Involute.Processes.Frames;

/// <summary>What a frame is, as docs/problem-protocol.md numbers it.</summary>
internal enum FrameKind : ushort
{
    /// <summary>The first frame in both directions.</summary>
    Greeting = 1,

    /// <summary>Some steps of some lanes.</summary>
    Advance = 2,

    /// <summary>Mean losses of some lanes.</summary>
    Evaluate = 3,

    /// <summary>The child's code failed; in the place of an answer.</summary>
    Error = 4,
}

using System.Buffers.Binary;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Processes.Problems;

/// <summary>One lane of a call.</summary>
/// <param name="Pair">Index of the pair in the unroll.</param>
/// <param name="Arm">Index of the arm.</param>
/// <param name="Thetas">Row of its thetas.</param>
/// <param name="Key">The trajectory.</param>
/// <param name="FirstStep">Its first step, or batch.</param>
/// <param name="Steps">Steps, or batches.</param>
/// <param name="Horizon">Steps of the trajectory where it begins; else 0.</param>
/// <param name="Split">What an evaluation is measured on.</param>
/// <param name="LossOffset">Where the loss of its first step goes; those of further steps follow at the distance of the arms.</param>
internal readonly record struct CalledLane(
    int Pair, int Arm, int Thetas, TrajectoryKey Key, int FirstStep, int Steps, int Horizon, DataSplit Split, int LossOffset)
{
    private const uint BeginsFlag = 1;
    private const int SplitShift = 8;

    /// <summary>Whether a trajectory begins with it.</summary>
    public bool Begins => Horizon > 0;

    /// <summary>Writes its bytes of a request; see docs/problem-protocol.md.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Key.Seed);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], (uint)Key.Pair);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Key.Trajectory);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], (uint)Horizon);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[20..], (uint)FirstStep);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], (uint)Steps);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[28..], (Begins ? BeginsFlag : 0) | ((uint)Split << SplitShift));
    }
}

using Involute.Gpu.Steps;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;

namespace Involute.Gpu.Tests.Steps;

/// <summary>Runs a program on the CPU, one lane, with the numbers' own functions: what the kernel is to do.</summary>
internal sealed class ProgramInterpreter
{
    private readonly StepProgram _program;
    private readonly float[] _slots;
    private float _loss;

    public ProgramInterpreter(StepProgram program)
    {
        _program = program;
        _slots = new float[program.Slots];

        // Nothing may be read before it is written.
        Array.Fill(_slots, float.NaN);
    }

    public Span<float> State => _slots.AsSpan(0, _program.StateLength);

    public void BeginSegment(ReadOnlySpan<float> theta) => Run(0, _program.SegmentInstructions, theta, default, []);

    public float Step(StepKey key, ReadOnlySpan<float> tables)
    {
        Run(_program.SegmentInstructions, _program.Instructions, [], key, tables);
        return _loss;
    }

    private void Run(int first, int end, ReadOnlySpan<float> theta, StepKey key, ReadOnlySpan<float> tables)
    {
        for (var i = first; i < end; i++)
        {
            var words = _program.Code.AsSpan(i * StepProgram.Words, StepProgram.Words);
            var (a, b) = (Read(words[1] & 0xFFFF), Read(words[1] >> 16));
            var (c, d) = (Read(words[2] & 0xFFFF), Read(words[2] >> 16));
            var (index, stream) = (words[3], (RandomStream)words[2]);
            var operation = (Operation)(words[0] & 0xFFFF);
            if (operation == Operation.Loss)
            {
                _loss = a;
                continue;
            }

            _slots[words[0] >> 16] = operation switch
            {
                Operation.Theta => theta[(int)index],
                Operation.InnerStep => key.InnerStep,
                Operation.Normal => (float)key.Stream(stream).Normal(index),
                Operation.Uniform => (float)key.Stream(stream).Uniform(index),
                Operation.Table => tables[(int)index],
                Operation.Add => a + b,
                Operation.Subtract => a - b,
                Operation.Multiply => a * b,
                Operation.Divide => a / b,
                Operation.Negate => -a,
                Operation.Exp => PortableMath.Exp(a),
                Operation.Log => PortableMath.Log(a),
                Operation.Sqrt => MathF.Sqrt(a),
                Operation.Abs => MathF.Abs(a),
                Operation.Sin => PortableMath.Sin(a),
                Operation.Cos => PortableMath.Cos(a),
                Operation.Tanh => PortableMath.Tanh(a),
                Operation.IfLess => a < b ? c : d,
                Operation.Move => a,
                _ => throw new InvalidOperationException($"no such instruction: {operation}"),
            };
        }
    }

    private float Read(uint operand) => (operand & StepProgram.ConstantBit) != 0
        ? Constant((int)operand & ~StepProgram.ConstantBit)
        : operand < _slots.Length ? _slots[operand] : float.NaN;

    private float Constant(int index) =>
        index < _program.Constants.Length ? BitConverter.UInt32BitsToSingle(_program.Constants[index]) : float.NaN;
}

namespace Involute.Gpu.Steps;

/// <summary>What a step may do with numbers. The values are those of <c>Kernels/steps.h</c>.</summary>
internal enum Operation : byte
{
    /// <summary>A number that is known: its bits.</summary>
    Constant = 0,

    /// <summary>An element of theta.</summary>
    Theta = 1,

    /// <summary>An element of the state, before the step.</summary>
    State = 2,

    /// <summary>Steps since the trajectory's start.</summary>
    InnerStep = 3,

    /// <summary>A standard normal number of the step's key.</summary>
    Normal = 4,

    /// <summary>A uniform number of the step's key.</summary>
    Uniform = 5,

    /// <summary>A number that the host works out of the step's key.</summary>
    Table = 6,

    /// <summary>a + b.</summary>
    Add = 7,

    /// <summary>a − b.</summary>
    Subtract = 8,

    /// <summary>a · b.</summary>
    Multiply = 9,

    /// <summary>−a.</summary>
    Negate = 10,

    /// <summary>|a|.</summary>
    Abs = 11,

    /// <summary>c where a &lt; b, else d.</summary>
    IfLess = 12,

    /// <summary>Of programs only: a copy of a.</summary>
    Move = 13,

    /// <summary>a / b.</summary>
    Divide = 14,

    /// <summary>√a.</summary>
    Sqrt = 15,

    /// <summary>e^a.</summary>
    Exp = 16,

    /// <summary>ln a.</summary>
    Log = 17,

    /// <summary>sin a.</summary>
    Sin = 18,

    /// <summary>cos a.</summary>
    Cos = 19,

    /// <summary>tanh a.</summary>
    Tanh = 20,

    /// <summary>Of programs only: the step's loss is a.</summary>
    Loss = 21,
}

/// <summary>What operations take.</summary>
internal static class Operations
{
    /// <summary>Number of operands.</summary>
    public static int Operands(this Operation operation) => operation switch
    {
        <= Operation.Table => 0,
        <= Operation.Multiply or Operation.Divide => 2,
        Operation.IfLess => 4,
        _ => 1,
    };
}

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

    /// <summary>a / b.</summary>
    Divide = 10,

    /// <summary>−a.</summary>
    Negate = 11,

    /// <summary>e^a.</summary>
    Exp = 12,

    /// <summary>ln a.</summary>
    Log = 13,

    /// <summary>√a.</summary>
    Sqrt = 14,

    /// <summary>|a|.</summary>
    Abs = 15,

    /// <summary>sin a.</summary>
    Sin = 16,

    /// <summary>cos a.</summary>
    Cos = 17,

    /// <summary>tanh a.</summary>
    Tanh = 18,

    /// <summary>c where a &lt; b, else d.</summary>
    IfLess = 19,

    /// <summary>Of programs only: a copy of a.</summary>
    Move = 20,

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
        <= Operation.Divide => 2,
        Operation.IfLess => 4,
        _ => 1,
    };
}

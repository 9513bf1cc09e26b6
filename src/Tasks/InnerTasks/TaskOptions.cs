using Involute.Tasks.Components;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>Options of what the inner problem is: a task for learned optimizers, or a whole problem.</summary>
/// <remarks>Derive from <see cref="InnerTaskOptions"/> or <see cref="InnerProblemOptions"/>.</remarks>
[ComponentKind("task", "tasks")]
public abstract record TaskOptions : ComponentOptions
{
    private protected TaskOptions()
    {
    }

    /// <summary>What names of runs and summaries call it.</summary>
    public virtual string Title => Name;

    /// <summary>Whether it is a whole problem with a theta of its own, which no learned optimizer trains.</summary>
    public abstract bool HasOwnTheta { get; }
}

/// <summary>Options of a task that learned optimizers train; theta is the optimizer's.</summary>
public abstract record InnerTaskOptions : TaskOptions
{
    /// <inheritdoc/>
    public sealed override bool HasOwnTheta => false;

    /// <summary>Makes the task, with its data.</summary>
    /// <exception cref="Images.DataFormatException">A data file is missing or wrong.</exception>
    public abstract IInnerTask Create();
}

/// <summary>Options of a whole inner problem, which has a theta of its own.</summary>
[RunDefault("optimizer.name", "none", "The problem has a theta of its own.")]
public abstract record InnerProblemOptions : TaskOptions
{
    /// <inheritdoc/>
    public sealed override bool HasOwnTheta => true;

    /// <summary>Makes the problem.</summary>
    /// <exception cref="Images.DataFormatException">A data file is missing or wrong.</exception>
    public abstract IInnerProblem<float> Create();
}

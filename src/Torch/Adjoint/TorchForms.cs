using System.Runtime.CompilerServices;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Regression;
using Involute.Torch.Tasks;

namespace Involute.Torch.Adjoint;

/// <summary>Tasks as torch computes them, with the same data, parameters and loss.</summary>
internal static class TorchForms
{
    /// <summary>Which tasks have a form, for messages.</summary>
    public const string Names =
        "tasks that torch computes, but none on a module or script; fashion-mnist-8-relu32, image-mlp, mlp-regression, "
        + "quadratic, fixed-dim-quadratic";

    // A form holds the data set as tensors: one for each task, however many unrolls there are.
    private static readonly ConditionalWeakTable<IInnerTask, TorchTask> Made = [];

    /// <summary>Whether a task has a form.</summary>
    public static bool Offers(IInnerTask task) => task switch
    {
        TorchTask torch => torch.IsDifferentiable,
        ImageMlp or MlpRegression or QuadraticTask or FixedDimQuadraticFamily => true,
        _ => false,
    };

    /// <summary>The form of a task that offers one.</summary>
    public static TorchTask Of(IInnerTask task) =>
        task is TorchTask torch ? torch : Made.GetValue(task, static task => task switch
        {
            ImageMlp mlp => new ImageMlpForm(mlp),
            MlpRegression regression => new MlpRegressionForm(regression),
            _ => new QuadraticForm(task),
        });
}

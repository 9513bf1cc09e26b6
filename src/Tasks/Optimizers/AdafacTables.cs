namespace Involute.Tasks.Optimizers;

/// <summary>What a tensor's rows and columns give to the elements of <see cref="AdafacTile"/>.</summary>
internal readonly struct AdafacTables
{
    /// <summary>Whether there is one number for each element (<see cref="WrittenTables"/>), as if all stood in one line without an end.</summary>
    public bool AreOfElements => LineLength == int.MaxValue;

    /// <summary>Elements of a line.</summary>
    public required int LineLength { get; init; }

    /// <summary>
    /// Whether rows have one number for each line, and columns one for each place; else it is the other way round. Of no meaning where tables
    /// are those of elements.
    /// </summary>
    public bool RowsLackY { get; init; }

    /// <summary>Averages of rows, scaled; of the first decay, as all that follows.</summary>
    public required DecayTables Rows { get; init; }

    /// <summary>Averages of columns, scaled.</summary>
    public required DecayTables Columns { get; init; }

    /// <summary>Roots of rows, scaled.</summary>
    public required DecayTables RowRoots { get; init; }

    /// <summary>Roots of columns, scaled.</summary>
    public required DecayTables ColumnRoots { get; init; }

    /// <summary>Factors, one for each line.</summary>
    public required DecayTables FactorsOfLines { get; init; }

    /// <summary>Factors, one for each place, or for each element.</summary>
    public required DecayTables FactorsOfPlaces { get; init; }

    /// <summary>Those of a matrix, one number for each line and one for each place in a line.</summary>
    /// <param name="shape">Of the matrix.</param>
    /// <param name="withoutY">One number for each line, scaled.</param>
    /// <param name="withoutX">One number for each place, scaled.</param>
    public static AdafacTables OfLines(in Factoring shape, in FactoredSide withoutY, in FactoredSide withoutX)
    {
        var (rows, columns) = shape.LaterIsLargest ? (withoutY, withoutX) : (withoutX, withoutY);
        return new AdafacTables
        {
            LineLength = shape.Y,
            RowsLackY = shape.LaterIsLargest,
            Rows = rows.Scaled,
            Columns = columns.Scaled,
            RowRoots = rows.ScaledRoots,
            ColumnRoots = columns.ScaledRoots,
            FactorsOfLines = withoutY.Factors,
            FactorsOfPlaces = withoutX.Factors,
        };
    }

    /// <summary>Those of elements, one number for each.</summary>
    /// <param name="written">Scaled.</param>
    public static AdafacTables OfElements(in WrittenTables written) => new()
    {
        LineLength = int.MaxValue,
        Rows = written.Of(AdafacKernels.Row),
        Columns = written.Of(AdafacKernels.Column),
        RowRoots = written.Of(AdafacKernels.Row + AdafacKernels.ToRoots),
        ColumnRoots = written.Of(AdafacKernels.Column + AdafacKernels.ToRoots),
        FactorsOfLines = written.Factors,
        FactorsOfPlaces = written.Factors,
    };
}

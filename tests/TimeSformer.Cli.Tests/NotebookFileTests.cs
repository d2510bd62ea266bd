using TimeSformer.Cli.Notebooks;

namespace TimeSformer.Tests;

/// <summary>Files that are no notebooks.</summary>
public sealed class NotebookFileTests : FolderTests
{
    [Theory]
    [InlineData("""{"cells": [{"cell_type": "code", "source": "1"}]}""")]
    [InlineData("""{"cells": [{"cell_type": "code", "source": ["1\n", "2"]}, {"cell_type": "markdown"}]}""")]
    public void Source_is_text_or_lines(string json) => NotebookFile.Read(folder.Write("a.ipynb", json)).NameLanguages();

    [Theory]
    [InlineData("""{"cells": {}}""")]
    [InlineData("""{"cells": [{"cell_type": ["code"], "source": "1"}]}""")]
    [InlineData("""{"cells": [{"cell_type": "code", "source": {"a": 1}}]}""")]
    [InlineData("""{"cells": [{"cell_type": "code", "source": [1]}]}""")]
    [InlineData("""{"cells": [{"cell_type": "code", "cell_type": "code"}]}""")]
    [InlineData("""{"cells": [], "cells": []}""")]
    [InlineData("""{"cells": [{"cell_type": "code", "source": "\ud800"}]}""")]
    [InlineData("""{"cells": [], "metadata": {"a": "\ud800"}}""")]
    public void What_has_other_values_in_its_places_is_refused_with_its_name(string json)
    {
        var path = folder.Write("a.ipynb", json);
        Assert.StartsWith($"{path} is not a Jupyter notebook", Assert.Throws<InputException>(() => NotebookFile.Read(path)).Message);
    }
}

package memory_test

import (
	"testing"

	"motcua/store"
	"motcua/store/memory"
	"motcua/store/storetest"
)

func TestExam(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return memory.New() })
}
